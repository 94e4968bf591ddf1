/* The host of these recipes: publishes a reading through the modem at MODEM_PORT, with the firmware
 * of examples/ctest. Ends with 0 when the broker has got it. */
#include "firmware.h"

#include <stdio.h>
#include <stdlib.h>

static firmware sensor;

int main(void) {
  const char* port = getenv("MODEM_PORT");
  int published;
  if (port == NULL) {
    fputs("MODEM_PORT does not say where the modem is\n", stderr);
    return 2;
  }
  if (firmware_start(&sensor, port) != 0) {
    fprintf(stderr, "there is no modem that answers at %s\n", port);
    return 1;
  }
  published = firmware_publish(&sensor, "21.5", 1);
  puts(published ? "published" : "not published");
  firmware_stop(&sensor);
  return published ? 0 : 1;
}
