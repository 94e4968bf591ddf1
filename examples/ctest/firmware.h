/* A tiny firmware: publishes a reading, and tries again when the modem lets it down. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

typedef struct firmware {
  int port;
  char heard[4096];
  unsigned attempts; /* of the last publish */
} firmware;

/* Opens the modem's port. 0 when it can be used. */
int firmware_start(firmware* self, const char* port);
/* Whether the broker has got it, after `attempts` at most. */
int firmware_publish(firmware* self, const char* reading, unsigned attempts);
void firmware_stop(firmware* self);

#endif
