/* The firmware against a modem that lets it down on cue. firmware_test CASE; MODEM_READY_FILE is
 * what the fixture's modem has written. */
#include "firmware.h"

#include "eg91xq.h"

static eg91xq modem;
static firmware sensor;

#define CHECK(what)                                                                 \
  do {                                                                              \
    if (!(what)) {                                                                  \
      fprintf(stderr, "%s:%d: %s\n  %s\n", __FILE__, __LINE__, #what, modem.error); \
      return 1;                                                                     \
    }                                                                               \
  } while (0)

static int publishes(void) {
  CHECK(firmware_publish(&sensor, "21.5", 1));
  CHECK(eg91xq_expect_json(&modem,
                           "\"all\":[{\"kind\":\"packet\",\"type\":\"publish\",\"dir\":\"out\","
                           "\"topic\":\"^plant/1$\",\"qos\":1}]",
                           5) == 1);
  return 0;
}

static int tries_again_after_a_reset_in_the_payload(void) {
  CHECK(eg91xq_fault(&modem, "reset", "reset", "{\"command\":\"QMTPUBEX\"}",
                     "{\"of\":\"data\",\"at_byte\":3}", 1) == 0);
  CHECK(firmware_publish(&sensor, "21.5", 5));
  CHECK(eg91xq_fault_applied(&modem, "reset") == 1);
  CHECK(sensor.attempts > 1);
  CHECK(eg91xq_expect(&modem, "fault", NULL, 5) == 1);
  CHECK(eg91xq_expect(&modem, "urc", "^\\+QMTPUBEX: 0,1,0$", 5) == 1);
  return 0;
}

static int survives_a_urc_glued_to_a_result(void) {
  CHECK(eg91xq_urc(&modem, "+QIND: \"X\"", "glued-to-result", 0) == 0);
  CHECK(firmware_publish(&sensor, "21.5", 1));
  return 0;
}

static int waits_for_the_network(void) {
  char registration[16];
  CHECK(eg91xq_set(&modem, "{\"service\":\"none\"}") == 0);
  CHECK(!firmware_publish(&sensor, "21.5", 1));
  CHECK(eg91xq_get(&modem, "registration", registration, sizeof registration) == 0);
  CHECK(strcmp(registration, "home") != 0);
  CHECK(eg91xq_set(&modem, "{\"service\":\"home\"}") == 0);
  CHECK(eg91xq_expect_json(&modem,
                           "\"all\":[{\"kind\":\"device\",\"what\":\"registration\","
                           "\"value\":\"home\"}]",
                           30) == 1);
  CHECK(firmware_publish(&sensor, "21.5", 2));
  return 0;
}

static int run(const char* name) {
  if (strcmp(name, "publishes") == 0) return publishes();
  if (strcmp(name, "tries_again_after_a_reset_in_the_payload") == 0)
    return tries_again_after_a_reset_in_the_payload();
  if (strcmp(name, "survives_a_urc_glued_to_a_result") == 0)
    return survives_a_urc_glued_to_a_result();
  if (strcmp(name, "waits_for_the_network") == 0) return waits_for_the_network();
  fprintf(stderr, "there is no case %s\n", name);
  return 2;
}

int main(int argc, char** argv) {
  int result;
  const char* ready_file = getenv("MODEM_READY_FILE");
  if (argc != 2 || ready_file == NULL || eg91xq_open_ready_file(&modem, ready_file) != 0 ||
      eg91xq_clear_faults(&modem) != 0 || firmware_start(&sensor, modem.port) != 0 ||
      eg91xq_mark(&modem) != 0) {
    fprintf(stderr, "the modem cannot be used: %s\n", modem.error);
    return 2;
  }
  result = run(argv[1]);
  firmware_stop(&sensor);
  eg91xq_close(&modem);
  return result;
}
