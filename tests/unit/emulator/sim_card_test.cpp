// The files of cards that differ from the usual one, bytes by hand from 31.102 and 51.011.
#include "emulator/device/sim/sim_card.hpp"

#include "at_engine/text.hpp"
#include "emulator/device/sim/sim_apdu.hpp"
#include "tests/support/session.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace emulator::device;

namespace {

constexpr int imsi = 0x6F07;
constexpr int own_number = 0x6F40;
constexpr int service_centre = 0x6F42;

std::string hex(const SimCard& card, int file) { return at::hex(sim_files(card).at(file).content); }

}  // namespace

TEST_CASE("an IMSI of fourteen digits has even parity, and a filled last nibble") {
  SimCard card;
  card.imsi = "26201123456789";
  CHECK(hex(card, imsi) == "0821261021436587f9");
}

TEST_CASE("a number without plus is a national one, and none has no digits") {
  SimCard card;
  card.number = "015112345";
  card.smsc = "";
  CHECK(hex(card, own_number) == "ffffffffffffffffffff068110152143f5ffffffffffffff");
  CHECK(hex(card, service_centre).substr(46, 4) == "0181");
}

TEST_CASE("a number without plus is shown as a national one") {
  emulator::Modem::Settings settings;
  settings.device.card.number = "015112345";
  support::Session session(settings);
  session.start();
  CHECK(session.say("AT+CNUM") == "\r\n+CNUM: ,\"015112345\",129\r\n\r\nOK\r\n");
}

TEST_CASE("a command of less than four bytes is too short for a card") {
  const auto files = sim_files({});
  SimApdu card(
      files, [](int, bool) { return 3; }, [] { return true; });
  for (const auto* bytes : {"", "\x01", "\x01\xA4\x01"}) {
    const auto answer = card.run(bytes);
    CHECK(answer.data.empty());
    CHECK(answer.sw1 == 0x67);
    CHECK(answer.sw2 == 0x00);
  }
}
