// Lists of options, and what an end makes of those it was asked for.
#include "data_services/ppp/options.hpp"

#include "data_services/ppp/control_packet.hpp"
#include "tests/unit/data_services/ppp/hex.hpp"

#include <catch2/catch.hpp>

using namespace data_services::ppp;
using namespace ppp_test;

TEST_CASE("a list is its options, in order [PPP-26]") {
  const auto list = hex("02 06 00 00 00 00 07 02 08 02 05 06 11 22 33 44 05 02");
  const auto options = parse_options(list);
  REQUIRE(options);
  REQUIRE(options->size() == 5);
  CHECK((*options)[0] == Option{2, std::string_view("\0\0\0\0", 4)});
  CHECK((*options)[1] == Option{7, ""});
  CHECK((*options)[3] == Option{5, "\x11\x22\x33\x44"});
  CHECK((*options)[4] == Option{5, ""});
  CHECK(parse_options("")->empty());
}

TEST_CASE("a list that ends inside an option is none [PPP-26]") {
  const auto list = hex("02 06 01 02 03 04 01 04 05 DC");
  for (std::size_t size = 0; size <= list.size(); ++size) {
    const bool is_whole = size == 0 || size == 6 || size == 10;
    CHECK(parse_options(std::string_view(list).substr(0, size)).has_value() == is_whole);
  }
  for (const char* const bad : {"07 00", "07 01", "07 02 07 01", "07 FF"})
    CHECK_FALSE(parse_options(hex(bad)));
}

TEST_CASE("options of 16 and 32 bits are in network order [PPP-26]") {
  std::string list;
  append_option_u16(list, 1, 1500);
  append_option_u32(list, 5, 0x11223344);
  append_option(list, {7, {}});
  CHECK(shown(list) == "01 04 05 DC 05 06 11 22 33 44 07 02");
}

TEST_CASE("rejections come first, naks then, and an ack repeats the list [PPP-26] [PPP-35]") {
  const auto list = hex("01 04 FF FF 03 04 C0 23 05 06 00 00 00 00");
  const auto options = *parse_options(list);
  Judgement granted;
  CHECK(granted.answer(list, true).code == code::configure_ack);
  CHECK(granted.answer(list, true).options == list);
  Judgement disliked;
  disliked.nak_u16(options[0], 1500);
  disliked.nak_u32(options[2], 0x01020304);
  CHECK(disliked.answer(list, true).code == code::configure_nak);
  CHECK(shown(disliked.answer(list, true).options) == "01 04 05 DC 05 06 01 02 03 04");
  CHECK(disliked.answer(list, false).code == code::configure_reject);
  CHECK(shown(disliked.answer(list, false).options) == "01 04 FF FF 05 06 00 00 00 00");
  Judgement mixed;
  mixed.nak_u16(options[0], 1500);
  mixed.reject(options[1]);
  mixed.nak(options[2], {5, "\x01\x02\x03\x04"});
  CHECK(mixed.answer(list, true).code == code::configure_reject);
  CHECK(shown(mixed.answer(list, true).options) == "03 04 C0 23");
  CHECK(shown(mixed.answer(list, false).options) == shown(list));
}
