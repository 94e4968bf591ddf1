#include "firmware.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <stdio.h>
#include <string.h>

/* How long each answer is waited for. */
#define PATIENCE_MS 2000

static int say(const firmware* self, const char* words) {
  const size_t size = strlen(words);
  return write(self->port, words, size) == (ssize_t)size;
}

/* Forgets what was heard up to an answer; false when that has not come. */
static int take(firmware* self, const char* answer) {
  const char* found = strstr(self->heard, answer);
  if (found == NULL) return 0;
  found += strlen(answer);
  memmove(self->heard, found, strlen(found) + 1);
  return 1;
}

/* Waits for one of two answers. */
static int wait_for_either(firmware* self, const char* answer, const char* other) {
  for (;;) {
    struct pollfd port = {self->port, POLLIN, 0};
    size_t size;
    ssize_t got;
    if (take(self, answer) || take(self, other)) return 1;
    size = strlen(self->heard);
    if (size + 1 == sizeof self->heard) size = 0;
    if (poll(&port, 1, PATIENCE_MS) <= 0) return 0;
    got = read(self->port, self->heard + size, sizeof self->heard - 1 - size);
    if (got <= 0) return 0;
    self->heard[size + (size_t)got] = '\0';
  }
}

static int wait_for(firmware* self, const char* answer) {
  return wait_for_either(self, answer, answer);
}

static int ask(firmware* self, const char* command, const char* answer) {
  return say(self, command) && say(self, "\r") && wait_for(self, answer);
}

static int try_to_publish(firmware* self, const char* reading) {
  char command[64];
  snprintf(command, sizeof command, "AT+QMTPUBEX=0,1,1,0,\"plant/1\",%u",
           (unsigned)strlen(reading));
  return ask(self, "AT+CEREG?", "+CEREG: 0,1") && say(self, "AT+QMTCLOSE=0\r") &&
         wait_for_either(self, "+QMTCLOSE: 0,0", "ERROR") && /* it may not be open */
         ask(self, "AT+QMTOPEN=0,\"broker.demo\",1883", "+QMTOPEN: 0,0") &&
         ask(self, "AT+QMTCONN=0,\"sensor\"", "+QMTCONN: 0,0,0") && ask(self, command, "> ") &&
         say(self, reading) && wait_for(self, "+QMTPUBEX: 0,1,0");
}

int firmware_start(firmware* self, const char* port) {
  struct termios line;
  memset(self, 0, sizeof *self);
  self->port = open(port, O_RDWR | O_NOCTTY);
  if (self->port < 0 || tcgetattr(self->port, &line) != 0) return -1;
  line.c_iflag = 0;
  line.c_oflag = 0;
  line.c_lflag = 0;
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  if (tcsetattr(self->port, TCSANOW, &line) != 0) return -1;
  /* The modem may be running already, or just have been switched on. */
  if (ask(self, "AT", "OK\r\n")) return 0;
  return wait_for(self, "PB DONE") && ask(self, "AT", "OK\r\n") ? 0 : -1;
}

int firmware_publish(firmware* self, const char* reading, unsigned attempts) {
  for (self->attempts = 1; self->attempts <= attempts; ++self->attempts) {
    if (try_to_publish(self, reading)) return 1;
    say(self, "ATE0\r"); /* it may be in the middle of anything */
  }
  return 0;
}

void firmware_stop(firmware* self) { close(self->port); }
