// The parts of a storm where little has happened, or the same twice.
#include "storm/core/answer.hpp"
#include "storm/core/gathering.hpp"
#include "storm/core/ledger.hpp"
#include "storm/core/outages.hpp"
#include "storm/core/progress.hpp"
#include "storm/core/tally.hpp"
#include "storm/core/time.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace storm;
using namespace std::chrono_literals;

TEST_CASE("messages that are cut are none") {
  for (const auto* line : {R"(+QMTRECV: 0)", R"(+QMTRECV: 0;1,"t","p")", R"(+QMTRECV: 0,"t","p")",
                           R"(+QMTRECV: 0,1,"t","p)", R"(+QMTRECV: 0,1,"t",1,"p)"}) {
    CAPTURE(line);
    CHECK(read_answer(line).kind == Answer::Kind::other);
  }
}

TEST_CASE("a modem that is away is so once, and of none no share is back") {
  Gathering gathering(2, 10s);
  CHECK_FALSE(gathering.reached(1));
  gathering.lost(0);
  gathering.lost(0);
  CHECK(gathering.modems() == 1);
  CHECK(gathering.away() == 1);
  gathering.back(0, 12s);
  CHECK(gathering.reached(1) == 2s);
}

TEST_CASE("what a ledger gives up may have been lost with a link") {
  Ledger ledger;
  ledger.sent(1, 0us);
  ledger.confirmed(1);
  ledger.link_lost();
  Ledger::Losses losses;
  for (std::uint32_t sequence = 2; losses.all == 0; ++sequence) {
    REQUIRE(sequence <= Ledger::max_open + 1);
    losses = ledger.sent(sequence, 0us);
  }
  CHECK(losses.with_link == 1);
}

TEST_CASE("an outage that lasts is not listed where the list is full") {
  Outages outages(1);
  for (std::size_t i = 0; i < Outages::max_listed; ++i) {
    outages.lost(0, 1s);
    outages.back(0, 2s);
  }
  outages.lost(0, 3s);
  CHECK(outages.list().size() == Outages::max_listed);
  CHECK(outages.list().back().began == 1s);
}

TEST_CASE("progress in no time has no rate") {
  std::string shown;
  Progress lines(Progress::Kind::lines, [&](std::string_view text) { shown += text; });
  lines.tick(Tally(1), 0s);
  CHECK(shown == "0 s: 0/1 connected, 0.0/s, 0 confirmed, 0 failed, p99 0 ms\n");
}

TEST_CASE("the first connection of a fleet is that of its first modem") {
  Tally tally(2);
  CHECK_FALSE(tally.first_connection());
  tally.connected(1, 3s);
  tally.connected(0, 4s);
  CHECK(tally.first_connection() == 3s);
}

TEST_CASE("times are given in seconds, and kept in microseconds") {
  CHECK(from_seconds(1.5) == 1500ms);
  CHECK(from_seconds(0.000001) == 1us);
}
