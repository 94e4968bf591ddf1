/* The control interface of a running eg91xq, for tests in C: trouble on cue, and what must have
 * been seen. One header of static functions in C99 over POSIX sockets; nothing else is needed. Also
 * C++.
 *
 *   eg91xq modem;
 *   if (eg91xq_open(&modem, NULL) != 0) fail(modem.error);
 *   eg91xq_fault(&modem, "late", "reply-delay", "{\"command\":\"QMTPUBEX\"}", "{\"ms\":700}", 1);
 *   ... the firmware publishes ...
 *   if (eg91xq_expect(&modem, "urc", "^\\+QMTPUBEX: 0,1,0$", 5) != 1) fail(modem.error);
 *   eg91xq_close(&modem);
 *
 * Every function that returns an int gives 0 when it is done and -1 when not, unless it says
 * otherwise; `error` then has one line that says why. One modem is for one thread at a time.
 */
#ifndef EG91XQ_H
#define EG91XQ_H

/* Of the system's headers, also with -std=c99. It counts where this is the first header. */
#if !defined(_POSIX_C_SOURCE) && !defined(_GNU_SOURCE) && !defined(_DEFAULT_SOURCE) && \
    !defined(__cplusplus)
#define _POSIX_C_SOURCE 200809L
#endif

#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longest answer that is taken, in bytes. */
#define EG91XQ_MAX_ANSWER (16UL * 1024UL * 1024UL)
/* Longest address, name, path or token. */
#define EG91XQ_MAX_TEXT 512
/* How long a request may take beyond what it waits for, in seconds. */
#define EG91XQ_PATIENCE 30

typedef struct eg91xq {
  char address[EG91XQ_MAX_TEXT]; /* "http://HOST:PORT" or "unix:PATH" */
  char token[EG91XQ_MAX_TEXT];   /* empty: none */
  char name[64];                 /* which modem: "default" is the first */
  char port[EG91XQ_MAX_TEXT];    /* what a host opens; only from eg91xq_open_ready_file() */
  int status;                    /* of the last answer, as in HTTP; 0: there was none */
  char* body;                    /* of the last answer, ends with NUL; never null once it is open */
  size_t size;                   /* of the body */
  long long position;            /* the event behind which eg91xq_expect() looks */
  char error[1024];              /* what went wrong last, one line */
} eg91xq;

/* Made for g++ and clang alike: a test uses only some of these. */
#if defined(__GNUC__)
#define EG91XQ_FUNCTION __attribute__((unused)) static
#define EG91XQ_PRINTF(words, values) __attribute__((format(printf, words, values)))
#else
#define EG91XQ_FUNCTION static
#define EG91XQ_PRINTF(words, values)
#endif

EG91XQ_FUNCTION EG91XQ_PRINTF(2, 3) int eg91xq_fail(eg91xq* modem, const char* format, ...) {
  va_list values;
  va_start(values, format);
  vsnprintf(modem->error, sizeof modem->error, format, values);
  va_end(values);
  return -1;
}

/* Text that grows. After a lack of memory `bytes` is null and stays so. */
typedef struct eg91xq_text {
  char* bytes;
  size_t size;
  size_t room;
} eg91xq_text;

EG91XQ_FUNCTION eg91xq_text eg91xq_text_new(void) {
  eg91xq_text text;
  text.size = 0;
  text.room = 256;
  text.bytes = (char*)malloc(text.room);
  if (text.bytes != NULL) text.bytes[0] = '\0';
  return text;
}

EG91XQ_FUNCTION void eg91xq_text_add(eg91xq_text* text, const char* bytes, size_t size) {
  if (text->bytes == NULL) return;
  if (text->size + size + 1 > text->room) {
    char* grown;
    while (text->size + size + 1 > text->room) text->room *= 2;
    grown = (char*)realloc(text->bytes, text->room);
    if (grown == NULL) free(text->bytes);
    text->bytes = grown;
    if (grown == NULL) return;
  }
  memcpy(text->bytes + text->size, bytes, size);
  text->size += size;
  text->bytes[text->size] = '\0';
}

EG91XQ_FUNCTION void eg91xq_text_put(eg91xq_text* text, const char* words) {
  eg91xq_text_add(text, words, strlen(words));
}

/* A text as JSON has it, quotes and all. */
EG91XQ_FUNCTION void eg91xq_text_quote(eg91xq_text* text, const char* words) {
  eg91xq_text_put(text, "\"");
  for (; *words != '\0'; ++words) {
    const unsigned char byte = (unsigned char)*words;
    char escaped[8];
    if (byte == '"' || byte == '\\') {
      snprintf(escaped, sizeof escaped, "\\%c", byte);
      eg91xq_text_put(text, escaped);
    } else if (byte < 0x20) {
      snprintf(escaped, sizeof escaped, "\\u%04x", byte);
      eg91xq_text_put(text, escaped);
    } else {
      eg91xq_text_add(text, words, 1);
    }
  }
  eg91xq_text_put(text, "\"");
}

EG91XQ_FUNCTION void eg91xq_text_base64(eg91xq_text* text, const void* from, size_t size) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const unsigned char* bytes = (const unsigned char*)from;
  size_t i;
  eg91xq_text_put(text, "\"");
  for (i = 0; i < size; i += 3) {
    const unsigned long second = i + 1 < size ? bytes[i + 1] : 0UL;
    const unsigned long third = i + 2 < size ? bytes[i + 2] : 0UL;
    const unsigned long all = (unsigned long)bytes[i] << 16U | second << 8U | third;
    char four[4];
    four[0] = digits[all >> 18U & 63U];
    four[1] = digits[all >> 12U & 63U];
    four[2] = i + 1 < size ? digits[all >> 6U & 63U] : '=';
    four[3] = i + 2 < size ? digits[all & 63U] : '=';
    eg91xq_text_add(text, four, sizeof four);
  }
  eg91xq_text_put(text, "\"");
}

EG91XQ_FUNCTION const char* eg91xq_skip_blanks(const char* json) {
  while (*json == ' ' || *json == '\n' || *json == '\r' || *json == '\t') ++json;
  return json;
}

/* Seconds as JSON has them, to the microsecond, whatever the locale's decimal point. */
EG91XQ_FUNCTION void eg91xq_text_seconds(eg91xq_text* text, double seconds) {
  const long long micros = seconds <= 0 ? 0 : (long long)(seconds * 1e6 + 0.5);
  char digits[48];
  snprintf(digits, sizeof digits, "%lld.%06lld", micros / 1000000, micros % 1000000);
  eg91xq_text_put(text, digits);
}

/* The end of the JSON value that begins there; null when it has none. */
EG91XQ_FUNCTION const char* eg91xq_skip_value(const char* json) {
  unsigned long depth = 0;
  json = eg91xq_skip_blanks(json);
  for (; *json != '\0'; ++json) {
    if (*json == '"') {
      for (++json; *json != '"'; ++json) {
        if (*json == '\\' && json[1] != '\0') ++json;
        if (*json == '\0') return NULL;
      }
      if (depth == 0) return json + 1;
    } else if (*json == '{' || *json == '[') {
      ++depth;
    } else if (*json == '}' || *json == ']') {
      if (depth == 0) return json;
      if (--depth == 0) return json + 1;
    } else if (depth == 0 && (*json == ',' || *json == ' ' || *json == '\n')) {
      return json;
    }
  }
  return depth == 0 ? json : NULL;
}

/* The member `name` of an object, or the item of that number of a list; null when there is none. */
EG91XQ_FUNCTION const char* eg91xq_member(const char* json, const char* name, size_t length) {
  const char open = *(json = eg91xq_skip_blanks(json));
  unsigned long item = 0;
  const unsigned long wanted = strtoul(name, NULL, 10);
  if (open != '{' && open != '[') return NULL;
  ++json;
  for (;; ++item) {
    json = eg91xq_skip_blanks(json);
    if (*json == '\0' || *json == '}' || *json == ']') return NULL;
    if (open == '[') {
      if (item == wanted) return json;
    } else {
      const char* end = eg91xq_skip_value(json);
      if (end == NULL) return NULL;
      if ((size_t)(end - json) == length + 2 && strncmp(json + 1, name, length) == 0) {
        json = strchr(end, ':');
        return json == NULL ? NULL : eg91xq_skip_blanks(json + 1);
      }
      json = strchr(end, ':');
      if (json == NULL) return NULL;
      ++json;
    }
    json = eg91xq_skip_value(json);
    if (json == NULL) return NULL;
    json = eg91xq_skip_blanks(json);
    if (*json == ',') ++json;
  }
}

/* What stands in a JSON document at "clients.0.state_name", as text: without quotes (escapes stay
 * as they are), numbers as they are written. False when it is not there or does not fit. */
EG91XQ_FUNCTION int eg91xq_json_get(const char* json, const char* path, char* into, size_t room) {
  const char* end;
  size_t size;
  while (json != NULL && *path != '\0') {
    const size_t length = strcspn(path, ".");
    json = eg91xq_member(json, path, length);
    path += length;
    if (*path == '.') ++path;
  }
  if (json == NULL || (end = eg91xq_skip_value(json)) == NULL) return 0;
  size = (size_t)(end - json);
  if (*json == '"') {
    ++json;
    size -= 2;
  }
  if (size >= room) return 0;
  memcpy(into, json, size);
  into[size] = '\0';
  return 1;
}

EG91XQ_FUNCTION int eg91xq_connect_unix(const char* path) {
  struct sockaddr_un where;
  int fd;
  if (strlen(path) >= sizeof where.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memset(&where, 0, sizeof where);
  where.sun_family = AF_UNIX;
  strcpy(where.sun_path, path);
  fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd >= 0 && connect(fd, (const struct sockaddr*)&where, sizeof where) != 0) {
    close(fd);
    fd = -1;
  }
  return fd;
}

EG91XQ_FUNCTION int eg91xq_connect_tcp(const char* host_and_port) {
  char host[EG91XQ_MAX_TEXT];
  struct addrinfo hints;
  struct addrinfo* found = NULL;
  struct addrinfo* each;
  char* colon;
  int fd = -1;
  snprintf(host, sizeof host, "%s", host_and_port);
  colon = strrchr(host, ':');
  errno = EINVAL;
  if (colon == NULL) return -1;
  *colon = '\0';
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  if (host[0] == '[') host[strcspn(host, "]")] = '\0';
  if (getaddrinfo(host[0] == '[' ? host + 1 : host, colon + 1, &hints, &found) != 0) return -1;
  for (each = found; each != NULL && fd < 0; each = each->ai_next) {
    fd = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
    if (fd >= 0 && connect(fd, each->ai_addr, each->ai_addrlen) != 0) {
      close(fd);
      fd = -1;
    }
  }
  freeaddrinfo(found);
  return fd;
}

EG91XQ_FUNCTION int eg91xq_connect(eg91xq* modem) {
  int fd;
  if (strncmp(modem->address, "unix:", 5) == 0)
    fd = eg91xq_connect_unix(modem->address + 5);
  else if (strncmp(modem->address, "http://", 7) == 0)
    fd = eg91xq_connect_tcp(modem->address + 7);
  else
    return eg91xq_fail(modem, "%s: is neither http://HOST:PORT nor unix:PATH", modem->address);
  if (fd < 0) return eg91xq_fail(modem, "no modem at %s: %s", modem->address, strerror(errno));
  return fd;
}

EG91XQ_FUNCTION int eg91xq_send_all(int fd, const char* bytes, size_t size) {
  while (size > 0) {
#ifdef MSG_NOSIGNAL
    const ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
#else
    const ssize_t sent = send(fd, bytes, size, 0);
#endif
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return -1;
    bytes += sent;
    size -= (size_t)sent;
  }
  return 0;
}

EG91XQ_FUNCTION int eg91xq_receive_all(eg91xq* modem, int fd, eg91xq_text* answer) {
  char chunk[4096];
  for (;;) {
    const ssize_t got = recv(fd, chunk, sizeof chunk, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return eg91xq_fail(modem, "no answer from %s: %s", modem->address, strerror(errno));
    if (got == 0) break;
    eg91xq_text_add(answer, chunk, (size_t)got);
    if (answer->bytes == NULL || answer->size > EG91XQ_MAX_ANSWER)
      return eg91xq_fail(modem, "the answer is too long");
  }
  return 0;
}

/* Takes the answer's body out of it. */
EG91XQ_FUNCTION int eg91xq_take(eg91xq* modem, const eg91xq_text* answer) {
  const char* head_end = strstr(answer->bytes, "\r\n\r\n");
  const char* status = strchr(answer->bytes, ' ');
  char* body;
  if (head_end == NULL || status == NULL || strncmp(answer->bytes, "HTTP/1.", 7) != 0)
    return eg91xq_fail(modem, "what is at %s is no modem", modem->address);
  modem->status = atoi(status);
  modem->size = answer->size - (size_t)(head_end + 4 - answer->bytes);
  body = (char*)malloc(modem->size + 1);
  if (body == NULL) return eg91xq_fail(modem, "no memory");
  memcpy(body, head_end + 4, modem->size);
  body[modem->size] = '\0';
  free(modem->body);
  modem->body = body;
  return 0;
}

/* Any request: the path as in the modem's OpenAPI document, the body JSON or null. `waits`: seconds
 * that the modem may wait before it answers. 0 when it is answered with success; else `status` and
 * `body` have the answer, if there was one. */
EG91XQ_FUNCTION int eg91xq_ask(eg91xq* modem, const char* method, const char* path,
                               const char* body, double waits) {
  char detail[512];
  char field[64];
  char length[32];
  struct timeval limit;
  eg91xq_text text = eg91xq_text_new();
  int fd;
  int result = -1;
  modem->status = 0;
  snprintf(length, sizeof length, "%lu", (unsigned long)(body == NULL ? 0 : strlen(body)));
  eg91xq_text_put(&text, method);
  eg91xq_text_put(&text, " ");
  eg91xq_text_put(&text, path);
  eg91xq_text_put(&text, " HTTP/1.1\r\nHost: ");
  eg91xq_text_put(&text,
                  strncmp(modem->address, "http://", 7) == 0 ? modem->address + 7 : "localhost");
  if (modem->token[0] != '\0') {
    eg91xq_text_put(&text, "\r\nAuthorization: Bearer ");
    eg91xq_text_put(&text, modem->token);
  }
  eg91xq_text_put(&text, "\r\nConnection: close\r\nContent-Type: application/json");
  eg91xq_text_put(&text, "\r\nContent-Length: ");
  eg91xq_text_put(&text, length);
  eg91xq_text_put(&text, "\r\n\r\n");
  if (body != NULL) eg91xq_text_put(&text, body);
  fd = eg91xq_connect(modem);
  if (fd < 0) {
    free(text.bytes);
    return -1;
  }
  memset(&limit, 0, sizeof limit);
  limit.tv_sec = (time_t)(waits + EG91XQ_PATIENCE);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (text.bytes == NULL) {
    eg91xq_fail(modem, "no memory");
  } else if (eg91xq_send_all(fd, text.bytes, text.size) != 0) {
    eg91xq_fail(modem, "%s takes no request: %s", modem->address, strerror(errno));
  } else {
    text.size = 0;
    text.bytes[0] = '\0';
    result = eg91xq_receive_all(modem, fd, &text);
    if (result == 0) result = eg91xq_take(modem, &text);
  }
  close(fd);
  free(text.bytes);
  if (result != 0) return -1;
  if (modem->status >= 200 && modem->status < 300) return 0;
  if (!eg91xq_json_get(modem->body, "detail", detail, sizeof detail)) detail[0] = '\0';
  if (!eg91xq_json_get(modem->body, "field", field, sizeof field)) field[0] = '\0';
  if (strncmp(detail, field, strlen(field)) == 0) field[0] = '\0';
  return eg91xq_fail(modem, "%s %s: %d: %s%s%s", method, path, modem->status, field,
                     field[0] == '\0' ? "" : ": ", detail);
}

/* `before`, `name` as part of a path, and `behind`, into `tail`. */
EG91XQ_FUNCTION void eg91xq_path(char* tail, size_t size, const char* before, const char* name,
                                 const char* behind) {
  size_t at = (size_t)snprintf(tail, size, "%s", before);
  for (; *name != '\0' && at + 4 < size; ++name) {
    const unsigned char byte = (unsigned char)*name;
    const int plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                      (byte >= '0' && byte <= '9') || strchr("-._~", byte) != NULL;
    at += (size_t)snprintf(tail + at, size - at, plain ? "%c" : "%%%02X", byte);
  }
  snprintf(tail + at, size - at, "%s", behind);
}

/* As eg91xq_ask(), for what is behind "/v1/modems/NAME". */
EG91XQ_FUNCTION int eg91xq_request(eg91xq* modem, const char* method, const char* tail,
                                   const char* body) {
  char path[EG91XQ_MAX_TEXT * 2];
  snprintf(path, sizeof path, "/v1/modems/%s%s", modem->name, tail);
  return eg91xq_ask(modem, method, path, body, 0);
}

/* Sends what was put into `text` and frees it. */
EG91XQ_FUNCTION int eg91xq_send_text(eg91xq* modem, const char* method, const char* tail,
                                     eg91xq_text* text) {
  const int result = text->bytes == NULL ? eg91xq_fail(modem, "no memory")
                                         : eg91xq_request(modem, method, tail, text->bytes);
  free(text->bytes);
  return result;
}

/* A modem at `address`; null: the one that MODEM_CONTROL names, as eg91xq sets it for its COMMAND.
 * MODEM_CONTROL_TOKEN names the file with its token, if it wants one. */
EG91XQ_FUNCTION int eg91xq_open(eg91xq* modem, const char* address) {
  const char* token_file = getenv("MODEM_CONTROL_TOKEN");
  memset(modem, 0, sizeof *modem);
  strcpy(modem->name, "default");
  modem->body = (char*)calloc(1, 1);
  if (modem->body == NULL) return eg91xq_fail(modem, "no memory");
  if (address == NULL) address = getenv("MODEM_CONTROL");
  if (address == NULL) return eg91xq_fail(modem, "no address: MODEM_CONTROL is not set");
  snprintf(modem->address, sizeof modem->address, "%s", address);
  if (token_file != NULL) {
    FILE* file = fopen(token_file, "r");
    if (file == NULL) return eg91xq_fail(modem, "%s: %s", token_file, strerror(errno));
    if (fgets(modem->token, sizeof modem->token, file) == NULL) modem->token[0] = '\0';
    modem->token[strcspn(modem->token, "\r\n")] = '\0';
    fclose(file);
  }
  return eg91xq_ask(modem, "GET", "/v1/health", NULL, 0);
}

/* The modem whose --ready-file that is. */
EG91XQ_FUNCTION int eg91xq_open_ready_file(eg91xq* modem, const char* path) {
  char content[8192];
  char address[EG91XQ_MAX_TEXT];
  size_t size;
  FILE* file = fopen(path, "r");
  memset(modem, 0, sizeof *modem);
  if (file == NULL) return eg91xq_fail(modem, "%s: %s", path, strerror(errno));
  size = fread(content, 1, sizeof content - 1, file);
  content[size] = '\0';
  fclose(file);
  if (!eg91xq_json_get(content, "control", address, sizeof address))
    return eg91xq_fail(modem, "%s: tells of no control interface", path);
  if (eg91xq_open(modem, address) != 0) return -1;
  eg91xq_json_get(content, "ports.0.path", modem->port, sizeof modem->port);
  return 0;
}

/* Frees what the modem holds. It may be opened again. */
EG91XQ_FUNCTION void eg91xq_close(eg91xq* modem) {
  free(modem->body);
  modem->body = NULL;
}

/* Everything about the modem, into `body`. */
EG91XQ_FUNCTION int eg91xq_state(eg91xq* modem) { return eg91xq_request(modem, "GET", "", NULL); }

/* One value of its state: "registration", "clients.0.state_name", "signal.rsrp". */
EG91XQ_FUNCTION int eg91xq_get(eg91xq* modem, const char* path, char* into, size_t room) {
  if (eg91xq_state(modem) != 0) return -1;
  if (eg91xq_json_get(modem->body, path, into, room)) return 0;
  return eg91xq_fail(modem, "the modem's state has no %s", path);
}

/* Sets a fault. `when` and `params` are JSON objects or null; `count` 0: without end. */
EG91XQ_FUNCTION int eg91xq_fault(eg91xq* modem, const char* name, const char* type,
                                 const char* when, const char* params, int count) {
  eg91xq_text text = eg91xq_text_new();
  char number[32];
  eg91xq_text_put(&text, "{\"name\":");
  eg91xq_text_quote(&text, name);
  eg91xq_text_put(&text, ",\"type\":");
  eg91xq_text_quote(&text, type);
  if (when != NULL) {
    eg91xq_text_put(&text, ",\"when\":");
    eg91xq_text_put(&text, when);
  }
  if (params != NULL) {
    eg91xq_text_put(&text, ",\"params\":");
    eg91xq_text_put(&text, params);
  }
  if (count > 0) {
    snprintf(number, sizeof number, ",\"count\":%d", count);
    eg91xq_text_put(&text, number);
  }
  eg91xq_text_put(&text, "}");
  return eg91xq_send_text(modem, "POST", "/faults", &text);
}

/* How often it has acted; -1 when there is no such fault. */
EG91XQ_FUNCTION long eg91xq_fault_applied(eg91xq* modem, const char* name) {
  char tail[EG91XQ_MAX_TEXT];
  char applied[32];
  eg91xq_path(tail, sizeof tail, "/faults/", name, "");
  if (eg91xq_request(modem, "GET", tail, NULL) != 0) return -1;
  if (!eg91xq_json_get(modem->body, "applied", applied, sizeof applied)) return 0;
  return atol(applied);
}

EG91XQ_FUNCTION int eg91xq_fault_remove(eg91xq* modem, const char* name) {
  char tail[EG91XQ_MAX_TEXT];
  eg91xq_path(tail, sizeof tail, "/faults/", name, "");
  return eg91xq_request(modem, "DELETE", tail, NULL);
}

EG91XQ_FUNCTION int eg91xq_clear_faults(eg91xq* modem) {
  return eg91xq_request(modem, "DELETE", "/faults", NULL);
}

/* Says a line: "now", "before-echo", "between-echo-and-reply", "inside-reply", "glued-to-result",
 * "in-prompt" or "after-byte"; `n`: which line or byte, 0 for none. */
EG91XQ_FUNCTION int eg91xq_urc(eg91xq* modem, const char* line, const char* when, int n) {
  eg91xq_text text = eg91xq_text_new();
  char number[32];
  eg91xq_text_put(&text, "{\"line\":");
  eg91xq_text_quote(&text, line);
  eg91xq_text_put(&text, ",\"when\":");
  eg91xq_text_quote(&text, when);
  snprintf(number, sizeof number, n > 0 ? ",\"n\":%d}" : "}", n);
  eg91xq_text_put(&text, number);
  return eg91xq_send_text(modem, "POST", "/urc", &text);
}

/* on, off, reset, brownout or key. */
EG91XQ_FUNCTION int eg91xq_power(eg91xq* modem, const char* action) {
  eg91xq_text text = eg91xq_text_new();
  eg91xq_text_put(&text, "{\"action\":");
  eg91xq_text_quote(&text, action);
  eg91xq_text_put(&text, "}");
  return eg91xq_send_text(modem, "POST", "/power", &text);
}

/* Changes what is around the modem: a JSON object, "{\"signal\":{\"rsrp\":-118}}". */
EG91XQ_FUNCTION int eg91xq_set(eg91xq* modem, const char* surroundings) {
  return eg91xq_request(modem, "PATCH", "/surroundings", surroundings);
}

/* Another scenario from now on, in place of all that is planned: what the modem's --scenario takes,
 * as JSON; its seconds count from now. */
EG91XQ_FUNCTION int eg91xq_scenario(eg91xq* modem, const char* document) {
  return eg91xq_request(modem, "POST", "/scenario", document);
}

/* A short message arrives. */
EG91XQ_FUNCTION int eg91xq_sms(eg91xq* modem, const char* from, const char* words) {
  eg91xq_text text = eg91xq_text_new();
  eg91xq_text_put(&text, "{\"from\":");
  eg91xq_text_quote(&text, from);
  eg91xq_text_put(&text, ",\"text\":");
  eg91xq_text_quote(&text, words);
  eg91xq_text_put(&text, "}");
  return eg91xq_send_text(modem, "POST", "/sms", &text);
}

/* A message comes as though the client's broker had sent it. */
EG91XQ_FUNCTION int eg91xq_inject(eg91xq* modem, int client, const char* topic, const void* payload,
                                  size_t size, int qos) {
  eg91xq_text text = eg91xq_text_new();
  char tail[64];
  char number[32];
  snprintf(tail, sizeof tail, "/clients/%d/inject", client);
  snprintf(number, sizeof number, ",\"qos\":%d}", qos);
  eg91xq_text_put(&text, "{\"type\":\"publish\",\"topic\":");
  eg91xq_text_quote(&text, topic);
  eg91xq_text_put(&text, ",\"payload_base64\":");
  eg91xq_text_base64(&text, payload, size);
  eg91xq_text_put(&text, number);
  return eg91xq_send_text(modem, "POST", tail, &text);
}

/* Types a line on a channel; `shared`: even while a host holds it. */
EG91XQ_FUNCTION int eg91xq_send(eg91xq* modem, const char* channel, const char* line, int shared) {
  eg91xq_text text = eg91xq_text_new();
  char tail[EG91XQ_MAX_TEXT];
  eg91xq_path(tail, sizeof tail, "/channels/", channel, "/send");
  eg91xq_text_put(&text, "{\"line\":");
  eg91xq_text_quote(&text, line);
  eg91xq_text_put(&text, shared ? ",\"shared\":true}" : "}");
  return eg91xq_send_text(modem, "POST", tail, &text);
}

/* Raises or drops the DTR of a channel's host: AT&D and AT+QSCLK say what that does. */
EG91XQ_FUNCTION int eg91xq_dtr(eg91xq* modem, const char* channel, int on) {
  char tail[EG91XQ_MAX_TEXT];
  eg91xq_path(tail, sizeof tail, "/channels/", channel, "/lines");
  return eg91xq_request(modem, "POST", tail, on ? "{\"dtr\":true}" : "{\"dtr\":false}");
}

/* Events after `position`, into `body`: up to `limit` of `kinds` ("command,urc"), null for all. */
EG91XQ_FUNCTION int eg91xq_journal(eg91xq* modem, const char* kinds, int limit) {
  char tail[EG91XQ_MAX_TEXT];
  snprintf(tail, sizeof tail, "/journal?since=%lld&limit=%d%s%s", modem->position, limit,
           kinds == NULL ? "" : "&kind=", kinds == NULL ? "" : kinds);
  return eg91xq_request(modem, "GET", tail, NULL);
}

/* What comes from now on is what the next expectation looks at. */
EG91XQ_FUNCTION int eg91xq_mark(eg91xq* modem) {
  char next[32];
  char first[32];
  for (;;) {
    if (eg91xq_journal(modem, NULL, 10000) != 0) return -1;
    if (!eg91xq_json_get(modem->body, "next", next, sizeof next)) next[0] = '\0';
    modem->position = atoll(next);
    if (!eg91xq_json_get(modem->body, "events.0.seq", first, sizeof first)) return 0;
  }
}

/* What came nearest, into `error`. */
EG91XQ_FUNCTION void eg91xq_explain(eg91xq* modem) {
  char why[256];
  char seq[32];
  char nearest[320];
  if (!eg91xq_json_get(modem->body, "nearest.0.seq", seq, sizeof seq) ||
      !eg91xq_json_get(modem->body, "nearest.0.why", why, sizeof why))
    strcpy(nearest, "nothing like it came");
  else
    snprintf(nearest, sizeof nearest, "nearest is event %s: %s", seq, why);
  eg91xq_fail(modem, "it did not come as expected; %s", nearest);
}

/* An expectation as the control interface has it, without "within" and "since": waits up to
 * `within` virtual seconds for what is described, behind `position`. 1: it came, and `position` is
 * behind it; 0: it did not, and `error` says what came nearest; -1: it could not be asked. */
EG91XQ_FUNCTION int eg91xq_expect_json(eg91xq* modem, const char* members, double within) {
  eg91xq_text text = eg91xq_text_new();
  char path[EG91XQ_MAX_TEXT];
  char numbers[96];
  char seq[32];
  char item[32];
  int result;
  int i;
  snprintf(path, sizeof path, "/v1/modems/%s/expect", modem->name);
  snprintf(numbers, sizeof numbers, ",\"since\":%lld,", modem->position);
  eg91xq_text_put(&text, "{\"within\":");
  eg91xq_text_seconds(&text, within);
  eg91xq_text_put(&text, numbers);
  eg91xq_text_put(&text, members);
  eg91xq_text_put(&text, "}");
  result = text.bytes == NULL ? eg91xq_fail(modem, "no memory")
                              : eg91xq_ask(modem, "POST", path, text.bytes, within);
  free(text.bytes);
  if (result != 0 && modem->status == 408) {
    eg91xq_explain(modem);
    return 0;
  }
  if (result != 0) return -1;
  for (i = 0;; ++i) {
    snprintf(item, sizeof item, "matched.%d", i);
    if (!eg91xq_json_get(modem->body, item, seq, sizeof seq)) return 1;
    if (atoll(seq) > modem->position) modem->position = atoll(seq);
  }
}

/* Waits for an event of `kind` whose line the regular expression is found in. As above. */
EG91XQ_FUNCTION int eg91xq_expect(eg91xq* modem, const char* kind, const char* line,
                                  double within) {
  eg91xq_text text = eg91xq_text_new();
  int result;
  eg91xq_text_put(&text, "\"all\":[{\"kind\":");
  eg91xq_text_quote(&text, kind);
  if (line != NULL) {
    eg91xq_text_put(&text, ",\"line\":");
    eg91xq_text_quote(&text, line);
  }
  eg91xq_text_put(&text, "}]");
  result = text.bytes == NULL ? eg91xq_fail(modem, "no memory")
                              : eg91xq_expect_json(modem, text.bytes, within);
  free(text.bytes);
  return result;
}

/* True (1) when no such event comes within so many virtual seconds. */
EG91XQ_FUNCTION int eg91xq_expect_none(eg91xq* modem, const char* kind, double within) {
  eg91xq_text text = eg91xq_text_new();
  int result;
  eg91xq_text_put(&text, "\"all\":[],\"none\":[{\"kind\":");
  eg91xq_text_quote(&text, kind);
  eg91xq_text_put(&text, "}]");
  result = text.bytes == NULL ? eg91xq_fail(modem, "no memory")
                              : eg91xq_expect_json(modem, text.bytes, within);
  free(text.bytes);
  return result;
}

/* The module at rest, into `body`; a copy of that is what eg91xq_restore() takes. */
EG91XQ_FUNCTION int eg91xq_snapshot(eg91xq* modem) {
  return eg91xq_request(modem, "GET", "/snapshot", NULL);
}

EG91XQ_FUNCTION int eg91xq_restore(eg91xq* modem, const char* snapshot) {
  return eg91xq_request(modem, "PUT", "/snapshot", snapshot);
}

/* The clock of the program: "{\"scale\":10}", "{\"paused\":true}", "{\"skip\":true}". */
EG91XQ_FUNCTION int eg91xq_time(eg91xq* modem, const char* change) {
  return eg91xq_ask(modem, "PATCH", "/v1/time", change, 0);
}

/* So many virtual seconds pass, while it is paused. */
EG91XQ_FUNCTION int eg91xq_advance(eg91xq* modem, double seconds) {
  eg91xq_text text = eg91xq_text_new();
  int result;
  eg91xq_text_put(&text, "{\"by\":");
  eg91xq_text_seconds(&text, seconds);
  eg91xq_text_put(&text, "}");
  result = text.bytes == NULL ? eg91xq_fail(modem, "no memory")
                              : eg91xq_ask(modem, "POST", "/v1/time/advance", text.bytes, seconds);
  free(text.bytes);
  return result;
}

#ifdef __cplusplus
}
#endif

#endif
