/* The tests are those of Ceedling, which makes its main() itself. */
#include "../../../ceedling/test/test_firmware.c"

int main(void) {
  UNITY_BEGIN();
  RUN_TEST(test_a_reading_is_published);
  RUN_TEST(test_another_one_is_published_in_the_same_session_of_the_modem);
  return UNITY_END();
}
