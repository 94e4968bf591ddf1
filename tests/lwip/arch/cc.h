/* What lwIP wants to know of the compiler: a failed assertion of lwIP ends the program with a
 * line, everything else is as the compiler and the C library have it. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#define LWIP_PLATFORM_DIAG(words) \
  do {                            \
    printf words;                 \
  } while (0)
#define LWIP_PLATFORM_ASSERT(text)                                                \
  do {                                                                            \
    fprintf(stderr, "lwip_host: lwIP: %s (%s:%d)\n", (text), __FILE__, __LINE__); \
    abort();                                                                      \
  } while (0)
#define LWIP_RAND() ((u32_t)random())
