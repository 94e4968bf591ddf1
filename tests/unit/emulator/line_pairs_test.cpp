// Every command that acts later, joined with every command that takes away what it stands on: on
// one line, on two channels, at once and with the network's latency. The module must go on, answer,
// and say nothing of what is gone after it was switched off.
#include "tests/support/world.hpp"

#include <array>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace std::chrono_literals;

namespace {

constexpr std::array commands{
    R"(+QPING=1,"a-name-longer-than-fifteen-characters")",
    R"(+QNTP=1,"a-name-longer-than-fifteen-characters")",
    R"(+QIDNSGIP=1,"a-name-longer-than-fifteen-characters")",
    R"(+CPIN="1234")",
    "+CNMI=2,1",
    "+CFUN=1,1",
    "+CFUN=0",
    "+CFUN=4",
    "+CFUN=1",
    "+QPOWD",
    "+IPR=9600",
    "+IFC=2,2",
    "+CGACT=0,1",
    "+CGACT=1,1",
    "+QIACT=1",
    "+QIDEACT=1",
    "+CGATT=0",
    "+COPS=2",
    "+COPS=0",
    "+COPS=?",
    "+CMSS=0",
    R"(+QMTOPEN=0,"a-name-longer-than-fifteen-characters",1883)",
    "+QMTCLOSE=0",
    "+QSIMDET=1,0",
    "&F",
    "Z",
    R"(+QFUPL="a-file-of-more-than-fifteen-bytes",3)",
    "D*99#",
    R"(+QHTTPCFG="url","http://a";+QHTTPGET)",
    R"(+QHTTPCFG="url","http://a";+QHTTPPOST=3)",
    "+QHTTPSTOP",
};

struct Session : support::World {
  explicit Session(const emulator::Modem::Settings& settings) : World(settings) {
    modem.power_on();
    settle();
  }

  void pass(at::Duration time) { timeline.run_until(timeline.now() + time); }

  /// Names are found, hosts answer, as long as anybody asks.
  void answer_internet() {
    while (!internet.requests.empty()) {
      const auto request = internet.requests.front();
      internet.requests.pop_front();
      if (request.rfind("resolve", 0) == 0) internet.resolved({{"192.0.2.1"}, {}});
      if (request.rfind("ping", 0) == 0) internet.echoed(cellular::Echo{32, 10, 64});
      if (request.rfind("time", 0) == 0) internet.timed(1'700'000'000'000);
    }
  }

  /// Hours later, switched on if it was off, it is as good as new.
  void check_alive(const std::string& what) {
    INFO(what);
    for (int i = 0; i < 20; ++i) {
      answer_internet();
      pass(30s);
    }
    for (auto* terminal : terminals) terminal->receive("xyz");
    pass(10s);
    modem.power_on();
    pass(1min);
    for (std::size_t i = 0; i < channel_count; ++i) {
      terminals[i]->channel() = at::Channel{};
      terminals[i]->receive("\r");
      ports[i].unread.clear();
      terminals[i]->receive("AT\r");
      CHECK(ports[i].unread == "AT\r\r\nOK\r\n");
    }
    answer_internet();
    pass(10min);
    CHECK(timeline.pending() == 0);
  }
};

emulator::Modem::Settings settings_with(at::Duration latency) {
  emulator::Modem::Settings settings;
  settings.device.card.pin = "1234";
  settings.device.card.pin_enabled = true;
  if (latency > 0s) settings.latency = cellular::Latency::Fixed{latency};
  return settings;
}

}  // namespace

TEST_CASE("whatever acts later survives whatever takes its ground away") {
  for (const auto latency : {0ms, 400ms}) {
    const auto settings = settings_with(latency);
    for (const std::string first : commands) {
      for (const std::string second : commands) {
        for (const bool two_channels : {false, true}) {
          for (const bool unlocked : {false, true}) {
            Session session(settings);
            if (unlocked) {
              session.terminals[0]->receive("AT+CPIN=\"1234\"\r");
              session.pass(5s);
            }
            if (two_channels) {
              session.terminals[0]->receive(fmt::format("AT{}\r", first));
              session.terminals[1]->receive(fmt::format("AT{}\r", second));
            } else {
              session.terminals[0]->receive(fmt::format("AT{};{}\r", first, second));
            }
            session.answer_internet();
            session.pass(200ms);
            session.terminals[1]->receive(fmt::format("AT{}\r", first));
            session.check_alive(fmt::format("{} and {}, {} ms, {} channels, card {}", first, second,
                                            latency.count(), two_channels ? 2 : 1,
                                            unlocked ? "open" : "locked"));
          }
        }
      }
    }
  }
}
