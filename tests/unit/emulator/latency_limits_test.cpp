// The latest network that `--latency` gives: a command that waits for it answers within its limit,
// and what it does is done by then.
#include "tests/support/session.hpp"

#include <chrono>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {

struct Case {
  std::string_view line;
  at::Duration limit;
};

// Of the manual and the TCP/IP note.
const Case cases[] = {
    {"AT+QIDEACT=1", 40s}, {"AT+QIACT=1", 150s}, {"AT+CGACT=0,1", 150s}, {"AT+CGATT=0", 140s},
    {"AT+COPS=2", 180s},   {"AT+CFUN=0", 15s},   {"AT+CFUN=4", 15s},
};

}  // namespace

TEST_CASE("a command that waits for a late network answers OK within its limit") {
  emulator::Modem::Settings settings;
  settings.latency = cellular::Latency::Fixed{60s};
  for (const auto& [line, limit] : cases) {
    support::Session session(settings);
    session.start();
    session.pass(10min);
    const auto begun = session.say(line);
    session.pass(limit);
    INFO(line);
    CHECK(begun + session.ports[0].unread == "\r\nOK\r\n");
  }
}
