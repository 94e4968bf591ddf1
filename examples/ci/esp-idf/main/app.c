/* Publishes a reading through the modem at MODEM_PORT. */
#include "firmware.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static firmware sensor;

static void* publish(void* unused) {
  const char* port = getenv("MODEM_PORT");
  (void)unused;
  if (port == NULL || firmware_start(&sensor, port) != 0) {
    puts("there is no modem at MODEM_PORT");
    return NULL;
  }
  printf("published: %s\n", firmware_publish(&sensor, "21.5", 1) ? "yes" : "no");
  firmware_stop(&sensor);
  return NULL;
}

void app_main(void) {
  /* The ticks of FreeRTOS are signals, and would end each wait for the modem: this thread gets none. */
  sigset_t all;
  sigset_t before;
  pthread_t thread;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_create(&thread, NULL, publish, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_join(thread, NULL);
  fflush(stdout);
}
