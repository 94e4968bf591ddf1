// The memories of short messages: their places, what flash may have of them, and what is kept back.
#include "emulator/device/sms/sms_store.hpp"

#include "tests/support/session.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace emulator::device::sms;

namespace {

const std::string ok = "\r\nOK\r\n";
// To +15550100001, "hellohello", in the place and with the status given.
std::string stored(int place, int status) {
  return fmt::format(
      R"([{},{},"07915155109099f9","0001000b915155100000f100000ae8329bfd4697d9ec37"])", place,
      status);
}

void write(support::Session& session) {
  session.say("AT+CMGW=\"1\"");
  session.type("a\x1a");
}

}  // namespace

TEST_CASE("the map of messages has the first forty places, from the lowest bit on") {
  support::Session session;
  session.start();
  session.say("AT+CMGF=1");
  for (int place = 0; place < 42; ++place) write(session);
  for (int place = 1; place < 39; ++place) session.say(fmt::format("AT+CMGD={}", place));
  CHECK(session.say("AT+QCFG=\"sms/listmsgmap\",\"STO UNSENT\"") ==
        "\r\n+QCFG: \"sms/listmsgmap\",\"STO UNSENT\",\"0100000080\"\r\n" + ok);
  CHECK(session.say("AT+CMGD=?") == "\r\n+CMGD: (0,39,40,41),(0-4)\r\n" + ok);
}

TEST_CASE("what flash has of messages that cannot be is passed over, the others are there") {
  const auto wrong =
      GENERATE(std::string(R"([7,4,"00","04"])"), std::string(R"([7,-1,"00","04"])"),
               std::string(R"([7,1,"0","04"])"), std::string(R"([7,1,"00","0x"])"), stored(-1, 2),
               stored(-9, 2), stored(256, 2), stored(2'000'000'000, 2));
  CAPTURE(wrong);
  support::Session session;
  session.flash.settings["SMS/ME"] = fmt::format("[{},{}]", wrong, stored(255, 2));
  session.start();
  CHECK(session.say("AT+CMGD=?") == "\r\n+CMGD: (255),(0-4)\r\n" + ok);
  CHECK(session.say("AT+QCFG=\"sms/listmsgmap\",\"STO UNSENT\"") ==
        "\r\n+QCFG: \"sms/listmsgmap\",\"STO UNSENT\",\"0000000000\"\r\n" + ok);
}

TEST_CASE("octets that are no message are shown as PDU, and as nothing in text form") {
  support::Session session;
  session.flash.settings["SMS/ME"] = R"([[0,1,"00","04"],[1,3,"00","01"]])";
  session.start();
  CHECK(session.say("AT+CMGR=0") == "\r\n+CMGR: 1,,1\r\n0004\r\n" + ok);
  CHECK(session.say("AT+CMGL=1") == "\r\n+CMGL: 0,1,,1\r\n0004\r\n" + ok);
  session.say("AT+CMGF=1");
  CHECK(session.say("AT+CMGR=0") == ok);
  CHECK(session.say("AT+CMGL=\"ALL\"") == ok);
  CHECK(session.say("AT+CMSS=1") == "\r\n+CMS ERROR: 302\r\n");
}

TEST_CASE("a store takes no more than its places") {
  support::MemoryFlash flash;
  Store store(flash, "SMS/ME");
  store.load(1);
  CHECK(store.add({Status::stored_sent, "", "x"}) == 0);
  CHECK(store.full());
  CHECK_FALSE(store.add({Status::stored_sent, "", "y"}));
  CHECK(store.messages().size() == 1);
  Store again(flash, "SMS/ME");
  again.load(1);
  REQUIRE(again.find(0) != nullptr);
  CHECK(again.find(0)->tpdu == "x");
}

TEST_CASE("of what is not to be said yet the latest 64 are kept") {
  support::Session session;
  session.start();
  session.say("AT+CNMI=0,1,0,0,0");
  for (int i = 0; i < 66; ++i) REQUIRE(session.modem.device().sms().deliver("+15550100", u"a"));
  CHECK(session.type("").empty());
  session.ports[0].unread.clear();
  const auto said = session.say("AT+CNMI=2,1,0,0,0");
  CHECK_THAT(said, Catch::StartsWith(ok + "\r\n+CMTI: \"ME\",2\r\n\r\n+CMTI: \"ME\",3\r\n"));
  CHECK_THAT(said, Catch::EndsWith("\r\n+CMTI: \"ME\",65\r\n"));
}

TEST_CASE("a card without a number of its own, or of its service centre, has none to show") {
  emulator::Modem::Settings settings;
  settings.device.card.number = "";
  settings.device.card.smsc = "";
  support::Session session(settings);
  session.start();
  CHECK(session.say("AT+CNUM") == ok);
  CHECK(session.say("AT+CSCA?") == "\r\n+CSCA: \"\",129\r\n" + ok);
  session.say("AT+CNMI=2,2");
  REQUIRE(session.modem.device().sms().deliver("123", u"a"));
  session.settle();
  // The service centre's address has no octets; the message is "a" from 123, at the clock's start.
  CHECK_THAT(session.ports[0].unread, Catch::StartsWith("\r\n+CMT: ,16\r\n0004038121F30000"));
  session.say("AT+CMGF=1;+CSDH=1");
  REQUIRE(session.modem.device().sms().deliver("123", u"a"));
  session.settle();
  CHECK_THAT(session.ports[0].unread, Catch::StartsWith("\r\n+CMT: \"123\",,\"") &&
                                          Catch::EndsWith(",129,4,0,0,\"\",129,1\r\na\r\n"));
}
