/* As much of Zephyr and its ztest as the recipe uses, with the file MODEM_PORT as its UART. */
#ifndef ZTEST_H
#define ZTEST_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct device {
  int file;
};

static struct device modem_uart;

#define DT_ALIAS(name) name
#define DEVICE_DT_GET(node) (&(node))

static inline bool device_is_ready(const struct device* device) { return device->file >= 0; }

static inline void uart_poll_out(const struct device* device, unsigned char byte) {
  if (write(device->file, &byte, 1) != 1) exit(1);
}

static inline int uart_poll_in(const struct device* device, unsigned char* byte) {
  return read(device->file, byte, 1) == 1 ? 0 : -1;
}

static inline int64_t k_uptime_get(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void k_msleep(int ms) { usleep((useconds_t)ms * 1000); }

#define zassert_true(what, ...)    \
  do {                             \
    if (!(what)) {                 \
      fprintf(stderr, __VA_ARGS__); \
      exit(1);                     \
    }                              \
  } while (0)

#define ZTEST(suite, name) static void name(void)
#define ZTEST_SUITE(suite, ...)                                  \
  int main(void) {                                               \
    struct termios line;                                         \
    modem_uart.file = open(getenv("MODEM_PORT"), O_RDWR | O_NOCTTY | O_NONBLOCK); \
    if (tcgetattr(modem_uart.file, &line) != 0) return 2;        \
    cfmakeraw(&line);                                            \
    tcsetattr(modem_uart.file, TCSANOW, &line);                  \
    test_a_reading_is_published();                               \
    return 0;                                                    \
  }

#endif
