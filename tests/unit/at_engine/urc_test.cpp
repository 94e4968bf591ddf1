// What waits for a port that may not be spoken to: how much of it, and who hears what is lost.
#include "at_engine/urc.hpp"

#include "tests/support/world.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using at::UrcQueue;

TEST_CASE("so many lines wait, and those behind them are lost and counted") {
  support::MemoryLog log;
  UrcQueue queue(log, "port");
  for (std::size_t i = 0; i < UrcQueue::max_lines + 3; ++i) queue.push({"+URC"});
  CHECK(queue.size() == UrcQueue::max_lines);
  CHECK(queue.dropped() == 3);
  CHECK(log.lines ==
        std::vector<std::string>{"port: 8192 URCs wait (32768 bytes); more are dropped"});
  SECTION("told when the last has gone") {
    while (!queue.empty()) CHECK(queue.pop().text == "+URC");
    CHECK(log.lines.back() == "port: 3 URCs were dropped");
    queue.push({"+URC"});
    queue.pop();
    CHECK(log.lines.size() == 2);
  }
  SECTION("or when all are thrown away") {
    queue.clear();
    CHECK(queue.empty());
    CHECK(log.lines.back() == "port: 3 URCs were dropped");
  }
  CHECK(queue.most() == UrcQueue::max_lines);
}

TEST_CASE("so many bytes wait, and a line that does not fit is lost, a shorter one is not") {
  support::MemoryLog log;
  UrcQueue queue(log, "port");
  queue.push({std::string(UrcQueue::max_bytes - 4, 'x')});
  queue.push({"+LONG"});
  queue.push({"+URC"});
  CHECK(queue.size() == 2);
  CHECK(queue.dropped() == 1);
  queue.pop();
  CHECK(queue.front().text == "+URC");
  queue.push({"+LONG"});
  CHECK(queue.size() == 2);
}

TEST_CASE("who only says lines says those that are made late, and none whose ground is gone") {
  struct Lines : at::Announce {
    void announce(std::string line) override { said.push_back(std::move(line)); }
    std::vector<std::string> said;
  } lines;
  const auto late = [](const std::string& text) {
    return std::make_shared<at::LateLine>([text] { return text; });
  };
  lines.announce_late("+URC", late("+URC: 1"));
  lines.announce_late("+URC", late(""));
  at::Ground ground;
  const auto claim = ground.claim();
  lines.announce_while(claim, at::Asker{1}, "+URC: 2");
  ground.revoke();
  lines.announce_while(claim, at::Asker{1}, "+URC: 3");
  CHECK(lines.said == std::vector<std::string>{"+URC: 1", "+URC: 2"});
}
