#include "unity.h"

#include "firmware.h"

#include <stdlib.h>

static firmware sensor;

void setUp(void) {
  const char* port = getenv("MODEM_PORT");
  TEST_ASSERT_NOT_NULL_MESSAGE(port, "MODEM_PORT: run this behind eg91xq ... --");
  TEST_ASSERT_EQUAL_INT_MESSAGE(0, firmware_start(&sensor, port), "no modem that answers");
}

void tearDown(void) { firmware_stop(&sensor); }

void test_a_reading_is_published(void) {
  TEST_ASSERT_TRUE(firmware_publish(&sensor, "21.5", 1));
}

void test_another_one_is_published_in_the_same_session_of_the_modem(void) {
  TEST_ASSERT_TRUE(firmware_publish(&sensor, "22.0", 1));
}
