// &F, &W and Z on each of two channels, for a setting that is the module's and not a channel's.
#include "tests/support/session.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

const std::string ok = "\r\nOK\r\n";

struct Session : support::Session {
  Session() { start(); }

  std::string creg() { return say("AT+CREG?"); }
  void restart() {
    say("AT+CFUN=1,1");
    start();
  }
};

const std::string creg_0 = "\r\n+CREG: 0,1\r\n" + ok;
const std::string creg_1 = "\r\n+CREG: 1,1\r\n" + ok;

}  // namespace

TEST_CASE("AT&F on any channel resets what it names of the module") {
  for (const std::size_t channel : {0U, 1U}) {
    Session session;
    session.say("AT+CREG=1");
    CHECK(session.say("AT&F", channel).find(ok) != std::string::npos);
    session.say("ATE0", channel);
    CHECK(session.creg() == creg_0);
  }
}

TEST_CASE("AT&W on any channel stores what it names of the module, for the start and ATZ of any") {
  for (const std::size_t storing : {0U, 1U}) {
    for (const std::size_t resetting : {0U, 1U}) {
      INFO(fmt::format("stored on {}, reset on {}", storing, resetting));
      Session session;
      session.say("AT+CREG=1");
      CHECK(session.say("AT&W", storing) == ok);
      session.restart();
      CHECK(session.creg() == creg_1);
      session.say("AT+CREG=0");
      session.say("ATZ", resetting);
      session.say("ATE0", resetting);
      CHECK(session.creg() == creg_1);
    }
  }
}

TEST_CASE("ATZ on a second channel takes back what was not stored of the module") {
  Session session;
  session.say("AT+CREG=1");
  session.say("ATZ", 1);
  CHECK(session.creg() == creg_0);
}

TEST_CASE("AT&W on a second channel leaves what the first has stored of itself") {
  Session session;
  session.say("ATV0;&W");
  session.say("ATV1");
  session.say("AT+CREG=1;&W", 1);
  CHECK(session.flash.profiles.at("uart1").at("V") == 0);
  CHECK(session.flash.profiles.at("uart1").at("+CREG") == 1);
  CHECK(session.flash.profiles.at("usbat").count("+CREG") == 0);
}

TEST_CASE("AT&W on any channel is stored in one step, of which no half can be missing") {
  for (const std::size_t channel : {0U, 1U}) {
    Session session;
    session.say("AT&W", channel);
    CHECK(session.flash.saves == 1);
  }
}

TEST_CASE("an AT&W on a second channel that cannot be stored changes nothing") {
  Session session;
  session.say("AT+CREG=1", 1);
  session.flash.writable = false;
  CHECK(session.say("AT&W", 1) == "\r\n+CME ERROR: 23\r\n");
  session.flash.writable = true;
  CHECK(session.flash.profiles.empty());
}
