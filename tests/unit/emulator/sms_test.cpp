#include "at_engine/text.hpp"
#include "codec/digest.hpp"
#include "emulator/device/sms/sms_pdu.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace emulator::device::sms;
using namespace std::string_literals;

namespace {

std::string octets(std::string_view hex) { return at::unhex(hex).value(); }

}  // namespace

TEST_CASE("seven bits are packed as in 23.038") {
  CHECK(at::hex(pack("hellohello")) == "e8329bfd4697d9ec37");
  CHECK(unpack(octets("e8329bfd4697d9ec37"), 10) == "hellohello");
  CHECK(at::hex(pack("a")) == "61");
  CHECK(pack("").empty());
  const std::string all_ones(160, '\x7F');
  CHECK(pack(all_ones) == std::string(140, '\xFF'));
  CHECK(unpack(std::string(140, '\xFF'), 160) == all_ones);
}

TEST_CASE("the default alphabet and its extension") {
  CHECK(to_septets(u"@$_") == "\x00\x02\x11"s);
  CHECK(to_septets(u"\u20AC[") == "\x1B\x65\x1B\x3C"s);
  CHECK(to_septets(u"\u0416") == std::nullopt);
  CHECK(from_septets("\x1B\x65\x7B"s) == u"\u20AC\u00E4");
}

TEST_CASE("what hosts type and read") {
  CHECK(typed("00480069", Charset::ucs2) == u"Hi");
  CHECK(typed("0048006", Charset::ucs2) == std::nullopt);
  CHECK(typed("004", Charset::ucs2) == std::nullopt);
  CHECK(typed("\x02", Charset::gsm) == u"$");
  CHECK(typed("$", Charset::ira) == u"$");
  CHECK(typed("\xC3\xA4", Charset::gsm) == std::nullopt);
  CHECK(shown(u"\u0416$", Charset::ucs2) == "04160024");
  CHECK(shown(u"\u0416$", Charset::gsm) == "?\x02");
  CHECK(shown(u"\u0416$", Charset::ira) == "?$");
}

TEST_CASE("a SUBMIT is read and written") {
  // To +46708251358, 7 bits, "hellohello", no validity.
  const auto tpdu = octets("01000b916407281553f800000ae8329bfd4697d9ec37");
  const auto message = parse(tpdu, false);
  REQUIRE(message.has_value());
  CHECK(message->number == "+46708251358");
  CHECK(message->data == "hellohello");
  CHECK(message->length == 10);
  CHECK_FALSE(message->wants_report());
  CHECK(build(*message) == tpdu);
}

TEST_CASE("a DELIVER is read") {
  const auto message = parse(octets("04039177f70000112011516380800ae8329bfd4697d9ec37"), true);
  REQUIRE(message.has_value());
  CHECK(message->number == "+777");
  CHECK(message->time == "11/02/11,15:36:08+08");
  CHECK(message->data == "hellohello");
}

TEST_CASE("a header takes room, and the text begins at a septet") {
  Message message;
  message.submit = true;
  message.first_octet = 1;
  message.number = "123";
  message.header = octets("0003010201");
  message.data = "ab";
  const auto tpdu = build(message);
  REQUIRE(tpdu.has_value());
  CHECK(at::hex(*tpdu) == "4100038121f3000009050003010201c262");
  const auto again = parse(*tpdu, false);
  REQUIRE(again.has_value());
  CHECK(again->header == message.header);
  CHECK(again->data == "ab");
  message.data = std::string(153, 'x');
  CHECK(build(message).has_value());
  message.data += 'x';
  CHECK_FALSE(build(message).has_value());
}

TEST_CASE("what is too short, too long or of another kind is no message") {
  const auto good = octets("01000b916407281553f800000ae8329bfd4697d9ec37");
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(parse(std::string_view(good).substr(0, size), false).has_value());
  CHECK_FALSE(parse(good + "x", false).has_value());
  CHECK_FALSE(parse(good, true).has_value());
}

TEST_CASE("a report of delivery is read, and none that ends too early") {
  // Of message 5 to 0151123, arrived at 13/12/13,15:06:37+32.
  const auto good = octets("06050781101521F3312131516073233121315160732300");
  const auto message = parse(good, true);
  REQUIRE(message.has_value());
  REQUIRE(message->report.has_value());
  CHECK(message->reference == 5);
  CHECK(message->number == "0151123");
  CHECK(message->time == "13/12/13,15:06:37+32");
  CHECK(message->report->time == "13/12/13,15:06:37+32");
  CHECK(message->report->status == 0);
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(parse(std::string_view(good).substr(0, size), true).has_value());
  CHECK_FALSE(parse(good, false).has_value());
  CHECK(shown_time("").empty());
}

TEST_CASE("a message has at most 140 octets") {
  const std::string head = octets("01000b915155100000f10004");
  CHECK(parse(head + '\x8C' + std::string(140, 'x'), false).has_value());
  CHECK_FALSE(parse(head + '\x8D' + std::string(141, 'x'), false).has_value());
}

TEST_CASE("a service centre that has no number has no octets behind its length") {
  CHECK(smsc_field("") == "\0"s);
  CHECK(at::hex(smsc_field("12")) == "028121");
}

TEST_CASE("an escape is no letter of the default alphabet, and fewer octets have fewer letters") {
  CHECK(to_septets(u"a\u001B") == std::nullopt);
  CHECK(unpack("a", 2) == "a");
}

TEST_CASE("times and zones") {
  // 2013-12-13 07:06:37 UTC in a zone of +8 h.
  CHECK(at::hex(time_field(1386918397000, 32)) == "31213151607323");
  CHECK(shown_time(octets("31213151607323")) == "13/12/13,15:06:37+32");
  CHECK(shown_time(time_field(1386918397000, -14)) == "13/12/13,03:36:37-14");
}

TEST_CASE("the network brings messages of at most 140 octets [CTL-17]") {
  support::World world({});
  world.modem.power_on();
  world.timeline.run_until(at::Time(std::chrono::minutes(1)));
  auto& sms = world.modem.device().sms();
  CHECK(sms.deliver("+15550100", std::u16string(160, u'a')));
  CHECK_FALSE(sms.deliver("+15550100", std::u16string(161, u'a')));
  CHECK(sms.deliver("+15550100", std::u16string(70, u'\u0416')));
  CHECK_FALSE(sms.deliver("+15550100", std::u16string(71, u'\u0416')));
  CHECK_FALSE(sms.deliver("nobody", u"a"));
}
