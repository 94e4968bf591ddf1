// Events kept back by latency: their order and times, their limits, and what the link is told.
#include "mqtt_backend/held_events.hpp"

#include "mqtt_backend/client.hpp"
#include "tests/support/fake_link.hpp"
#include "tests/support/world.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace mqtt_backend;
using namespace std::chrono_literals;

namespace {

link_event::Message message(std::size_t payload, std::uint16_t id = 1) {
  return {id, 1, false, false, "t", std::string(payload, 'x')};
}

at::Time at_ms(int ms) { return at::Time(std::chrono::milliseconds(ms)); }

struct Lines : at::Announce {
  void announce(std::string line) override { lines.push_back(std::move(line)); }
  std::vector<std::string> lines;
};

struct AlwaysUp : cellular::Bearer {
  bool bring_up(int) override { return true; }
  [[nodiscard]] std::vector<std::string> chosen_name_servers(int) const override { return {}; }
};

/// A connected client, 8 s away from its broker.
struct FarClient {
  at::Timeline timeline;
  Lines said;
  support::MemoryLog log;
  cellular::Latency latency{cellular::Latency::Fixed{8s}};
  cellular::Knobs knobs;
  AlwaysUp bearer;
  ClientWorld world{
      timeline,          said, log, latency, knobs, bearer, [] { return std::int64_t{0}; }, {},
      [] { return 1.0; }};
  support::FakeLink link{timeline};
  Client client{0, world, link};

  FarClient() {
    client.open({}, "h", 1883);
    link.say(link_event::Opened{OpenResult::ok});
    pass(8s);
    client.connect({}, {"c"});
    link.say(link_event::ConnAck{0, false});
    pass(8s);
    said.lines.clear();
    link.requests.clear();
  }
  void pass(at::Duration time) { timeline.run_until(timeline.now() + time); }
};

}  // namespace

TEST_CASE("held events are due as the slowest before them and the most urgent behind them say") {
  std::mt19937 random(7);
  struct Model {
    at::Time not_before;
    at::Time no_later;
  };
  std::deque<Model> model;
  HeldEvents held;
  for (int step = 0; step < 5000; ++step) {
    if (model.empty() || random() % 3 != 0) {
      const auto early = at_ms(static_cast<int>(random() % 1000));
      const auto late =
          random() % 4 == 0 ? at_ms(static_cast<int>(random() % 1000)) : at::Time::max();
      model.push_back({early, late});
      held.push(link_event::Pong{}, early, late);
    } else {
      model.pop_front();
      held.pop();
    }
    REQUIRE(held.empty() == model.empty());
    if (model.empty()) continue;
    auto due = model.front().not_before;
    for (const auto& event : model) due = std::min(due, event.no_later);
    REQUIRE(held.due() == due);
  }
}

TEST_CASE("held events are full by bytes or by number, until half has gone") {
  HeldEvents held;
  SECTION("bytes") {
    const std::size_t kilo = 1024;
    for (int i = 0; i < 4095; ++i) held.push(message(kilo - 1), {}, at::Time::max());
    CHECK_FALSE(held.full());
    held.push(message(kilo - 1), {}, at::Time::max());
    CHECK(held.full());
    CHECK(held.bytes() == HeldEvents::max_bytes);
    for (int i = 0; i < 2047; ++i) held.pop();
    CHECK(held.full());
    held.pop();
    CHECK_FALSE(held.full());
  }
  SECTION("number") {
    for (int i = 0; i < 8191; ++i) held.push(link_event::Pong{}, {}, at::Time::max());
    CHECK_FALSE(held.full());
    held.push(link_event::Pong{}, {}, at::Time::max());
    CHECK(held.full());
    for (int i = 0; i < 4096; ++i) held.pop();
    CHECK_FALSE(held.full());
  }
  CHECK(held.episodes() == 1);
  held.clear();
  CHECK_FALSE(held.full());
  CHECK(held.bytes() == 0);
}

TEST_CASE("a client that holds too much stops its link and loses nothing") {
  FarClient far;
  REQUIRE_FALSE(far.client.subscribe({}, 7, {{"t", 1}}));
  far.link.say(link_event::Acked{far.link.ticket(7), {1}});
  for (std::uint16_t i = 1; i <= 30; ++i) far.link.say(message(200000, i));
  far.pass(7999ms);
  CHECK(far.said.lines.empty());
  CHECK(far.link.requests == std::deque<std::string>{"subscribe id=7 \"t\",1", "back-pressure on"});
  CHECK(std::count(far.log.lines.begin(), far.log.lines.end(),
                   "client 0: 4200021 bytes wait for their time: the broker has to wait") == 1);
  far.pass(1ms);
  REQUIRE(far.said.lines.size() == 31);
  CHECK(far.said.lines[0] == "+QMTSUB: 0,7,0,1");
  for (int i = 1; i <= 30; ++i)
    CHECK(far.said.lines[static_cast<std::size_t>(i)].rfind(fmt::format("+QMTRECV: 0,{},", i), 0) ==
          0);
  CHECK(far.link.requests.back() == "back-pressure off");
}

TEST_CASE("a PINGRESP behind what the link must not read is not a missing one") {
  FarClient far;
  far.client.config().keepalive = 5;
  far.client.config().qmtping = 2;
  REQUIRE_FALSE(far.client.subscribe({}, 7, {{"t", 1}}));
  far.link.say(link_event::Acked{far.link.ticket(7), {1}});
  for (std::uint16_t i = 1; i <= 30; ++i) far.link.say(message(200000, i));
  far.pass(5s);
  CHECK(far.link.requests.back() == "ping");
  far.pass(3s);
  CHECK(far.client.connected());
  SECTION("it comes") {
    far.link.say(link_event::Pong{});
    far.pass(1s);
    CHECK(far.client.connected());
  }
  SECTION("it does not") {
    far.pass(999ms);
    CHECK(far.client.connected());
    far.pass(1ms);
    CHECK_FALSE(far.client.connected());
    CHECK(far.said.lines.back() == "+QMTSTAT: 0,2");
  }
}

TEST_CASE("a client that goes idle lets its link go on") {
  FarClient far;
  REQUIRE_FALSE(far.client.subscribe({}, 7, {{"t", 1}}));
  far.link.say(link_event::Acked{far.link.ticket(7), {1}});
  for (std::uint16_t i = 1; i <= 30; ++i) far.link.say(message(200000, i));
  CHECK(far.link.requests.back() == "back-pressure on");
  REQUIRE(far.client.disconnect({}));
  CHECK(far.link.requests == std::deque<std::string>{"subscribe id=7 \"t\",1", "back-pressure on",
                                                     "back-pressure off", "disconnect"});
}
