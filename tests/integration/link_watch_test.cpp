// LinkPaho against a real mosquitto: who watches sees every packet as it is on the wire. And the
// watch over the library itself.
#include "mqtt_backend/link/library_watch.hpp"
#include "tests/support/link_bench.hpp"
#include "tests/support/mosquitto.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mqtt_backend;

TEST_CASE("who watches a link sees its packets both ways, with the ids of the wire") {
  support::Mosquitto broker;
  support::LinkBench bench;
  support::Probe probe(bench);
  std::vector<std::string> sent;
  std::vector<std::string> received;
  probe.link.watch([&](Direction direction, const PacketHeader& packet) {
    (direction == Direction::sent ? sent : received)
        .push_back(fmt::format("{} flags={} id={} length={}", name_of(packet.type), packet.flags,
                               packet.id, packet.length));
  });
  REQUIRE(probe.up(broker.port(), "watched"));
  REQUIRE(probe.subscribe(7, "t", 1));
  REQUIRE(probe.publish(40000, 1, "t", "hi"));
  REQUIRE(probe.publish(9, 2, "other", "there"));
  REQUIRE(probe.wait<link_event::Message>());
  probe.link.ping();
  REQUIRE(probe.wait<link_event::Pong>());
  // The library's PUBACK comes when it has delivered.
  REQUIRE(bench.run_until([&] { return sent.size() == 7; }));
  REQUIRE(probe.disconnect());

  const auto count = [](const std::vector<std::string>& lines, const std::string& line) {
    return std::count(lines.begin(), lines.end(), line);
  };
  // 2 + "MQTT" 6 + version, flags and keepalive 4 + id 2 + 7
  CHECK(sent.front() == "CONNECT flags=0 id=0 length=21");
  CHECK(count(sent, "SUBSCRIBE flags=2 id=7 length=8") == 1);
  CHECK(count(sent, "PUBLISH flags=2 id=40000 length=9") == 1);
  CHECK(count(sent, "PUBLISH flags=4 id=9 length=16") == 1);
  CHECK(count(sent, "PUBREL flags=2 id=9 length=4") == 1);
  CHECK(count(sent, "PUBACK flags=0 id=1 length=4") == 1);
  CHECK(count(sent, "PINGREQ flags=0 id=0 length=2") == 1);
  CHECK(sent.back() == "DISCONNECT flags=0 id=0 length=2");
  CHECK(sent.size() == 8);

  CHECK(received.front() == "CONNACK flags=0 id=0 length=4");
  CHECK(count(received, "SUBACK flags=0 id=7 length=5") == 1);
  CHECK(count(received, "PUBACK flags=0 id=40000 length=4") == 1);
  CHECK(count(received, "PUBREC flags=0 id=9 length=4") == 1);
  CHECK(count(received, "PUBCOMP flags=0 id=9 length=4") == 1);
  CHECK(count(received, "PUBLISH flags=2 id=1 length=9") == 1);
  CHECK(count(received, "PINGRESP flags=0 id=0 length=2") == 1);
  CHECK(received.size() == 7);
}

TEST_CASE("a watch over the library that was stopped asks nothing more") {
  support::LinkBench bench;
  REQUIRE(bench.world.warm_up());
  int asked = 0;
  LibraryWatch watch(bench.world, {[&] { return ++asked > 0; }, [](unsigned) { return true; }});
  watch.start();
  REQUIRE(bench.run_until([&] { return asked > 2; }));
  watch.stop();
  const int before = asked;
  bench.run_for(std::chrono::milliseconds(50));
  CHECK(asked == before);
}
