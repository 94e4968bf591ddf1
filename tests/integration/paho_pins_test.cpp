// What the link counts on in the MQTT library, and the countermeasures to what it must not rely on:
// these fail when a new version of the library behaves differently.
#include "tests/support/link_bench.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/scripted_broker.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

using namespace mqtt_backend;
using namespace std::chrono_literals;
using support::as_client;
using support::LinkBench;
using support::Mosquitto;
using support::Probe;
using support::ScriptedBroker;

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

TEST_CASE("every client after the first connects at once") {
  LinkBench bench;
  ScriptedBroker broker(bench.io);
  std::vector<std::unique_ptr<Probe>> probes;
  std::string times;
  double worst = 0;
  for (int i = 0; i < 10; ++i) {
    probes.push_back(std::make_unique<Probe>(bench));
    REQUIRE(probes.back()->open(broker.port()));
    const auto start = Clock::now();
    REQUIRE(probes.back()->connect(as_client("c")));
    const double time = milliseconds(Clock::now() - start);
    times += std::to_string(time) + " ";
    if (i > 0) worst = std::max(worst, time);
    // Idle long enough for the library to fall asleep.
    bench.run_for(37ms);
  }
  WARN("connect, ms: " << times);
  CHECK(worst < 100);
}

TEST_CASE("no pair of calls waits for a lost wake-up") {
  LinkBench bench;
  ScriptedBroker broker(bench.io);
  Probe probe(bench);
  REQUIRE(probe.up(broker.port(), "pairs"));
  const auto end = Clock::now() + 2s;
  double worst = 0;
  int pairs = 0;
  for (; Clock::now() < end; ++pairs) {
    probe.events.clear();
    const auto start = Clock::now();
    probe.link.publish({0, 0, false, "p", "1"});
    probe.link.publish({0, 0, false, "p", "2"});
    REQUIRE(probe.wait<link_event::Acked>(2));
    worst = std::max(worst, milliseconds(Clock::now() - start));
  }
  WARN(pairs << " pairs, worst " << worst << " ms");
  CHECK(worst < 100);
}

TEST_CASE("a burst of five is not held up by Nagle") {
  Mosquitto broker;
  LinkBench bench;
  Probe probe(bench);
  REQUIRE(probe.up(broker.port(), "burst"));
  REQUIRE(probe.subscribe(100, "n", 2));
  std::vector<double> times;
  for (int round = 0; round < 30; ++round) {
    probe.events.clear();
    const auto start = Clock::now();
    for (std::uint16_t i = 1; i <= 5; ++i) probe.link.publish({i, 1 + i % 2, false, "n", "hello"});
    REQUIRE(probe.wait<link_event::Acked>(5));
    REQUIRE(probe.wait<link_event::Message>(5));
    times.push_back(milliseconds(Clock::now() - start));
  }
  std::sort(times.begin(), times.end());
  WARN("burst of 5, ms: median " << times[15] << ", worst " << times.back());
  CHECK(times[15] < 20);
}

TEST_CASE("the library sends no PINGREQ of its own") {
  LinkBench bench;
  ScriptedBroker broker(bench.io);
  Probe probe(bench);
  auto request = as_client("silent");
  request.keepalive = 1;
  REQUIRE(probe.open(broker.port()));
  REQUIRE(probe.connect(request));
  bench.run_for(2500ms);
  CHECK(broker.packets.size() == 1);
}

TEST_CASE("the library keeps the order of mixed requests") {
  LinkBench bench;
  ScriptedBroker broker(bench.io);
  Probe probe(bench);
  REQUIRE(probe.up(broker.port(), "mixed"));
  std::uint16_t id = 1;
  for (int i = 0; i < 60; ++i) {
    probe.link.subscribe(id++, {{"a", 1}, {"b", 0}});
    probe.link.publish({id++, i % 3, false, "t", "x"});
    probe.link.unsubscribe(id++, {"a"});
    probe.link.publish({0, 0, false, "t", "y"});
  }
  REQUIRE(bench.run_until([&] { return broker.packets.size() >= 241; }));
  std::uint16_t last = 0;
  bool in_order = true;
  for (const auto& packet : broker.packets) {
    if (id_of(packet) == 0) continue;
    in_order = in_order && id_of(packet) > last;
    last = id_of(packet);
  }
  CHECK(in_order);
  CHECK_FALSE(probe.has<link_event::Down>());
}

TEST_CASE("a hundred links cut in mid-flight, a new library object for each") {
  LinkBench bench;
  ScriptedBroker broker(bench.io);
  Probe probe(bench);
  for (int i = 0; i < 100; ++i) {
    REQUIRE(probe.up(broker.port(), "churn"));
    for (int n = 0; n < i % 7; ++n) probe.link.publish({0, n % 3, false, "t", "x"});
    if (i % 4 == 0) {
      const auto downs = probe.all<link_event::Down>().size();
      broker.hang_up(i % 8 == 0);
      REQUIRE(probe.wait<link_event::Down>(downs + 1));
    } else if (i % 4 == 1) {
      REQUIRE(probe.disconnect());
    } else {
      probe.link.close();
    }
  }
  for (const auto& down : probe.all<link_event::Down>())
    CHECK(down.reason == DownReason::peer_closed);
}

TEST_CASE("a stranger on the loopback hop is turned away") {
  LinkBench bench;
  REQUIRE(bench.world.warm_up());
  boost::asio::ip::tcp::socket stranger(bench.io);
  stranger.connect({boost::asio::ip::address_v4::loopback(), bench.world.hop().port()});
  Packet body;
  append_text(body, "MQTT");
  body.insert(body.end(), {4, 2, 0, 60});
  append_text(body, "stranger");
  boost::asio::write(stranger, boost::asio::buffer(make_packet(0x10, body)));
  bool ended = false;
  std::array<char, 64> greeting{};
  std::size_t got = 0;
  std::function<void()> read = [&] {
    stranger.async_read_some(boost::asio::buffer(greeting),
                             [&](boost::system::error_code error, std::size_t size) {
                               got += size;
                               ended = static_cast<bool>(error);
                               if (!ended) read();
                             });
  };
  read();
  CHECK(bench.run_until([&] { return ended; }));
  CHECK(got <= 2);
}
