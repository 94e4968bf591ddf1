// LinkPaho between two clocks: which answers it knows to be under way, and how it keeps a broker's
// patience while the module's clock stands.
#include "tests/support/link_bench.hpp"
#include "tests/support/scripted_broker.hpp"

#include <memory>
#include <utility>

#include <catch2/catch.hpp>

using namespace mqtt_backend;
using support::LinkBench;
using support::Probe;
using support::ScriptedBroker;

namespace {

struct Clocks {
  LinkOptions options() {
    LinkOptions made;
    made.dialer.activity = activity;
    made.module_time = ModuleTime{[] { return at::Time{}; }, [] { return 1.0; },
                                  [this] { return rate; }, [this] { ++stood_in; }};
    return made;
  }

  std::shared_ptr<net::Activity> activity = std::make_shared<net::Activity>();
  double rate = 1;
  int stood_in = 0;
};

}  // namespace

TEST_CASE("what the broker owes is under way until it comes") {
  LinkBench bench;
  ScriptedBroker broker(bench.io);
  broker.connack = {};
  Clocks clocks;
  Probe probe(bench, clocks.options());
  CHECK_FALSE(clocks.activity->under_way());
  probe.link.open({"127.0.0.1", broker.port(), nullptr});
  CHECK(clocks.activity->under_way());
  REQUIRE(probe.wait<link_event::Opened>());
  CHECK_FALSE(clocks.activity->under_way());

  probe.link.connect(support::as_client("c"));
  CHECK(clocks.activity->under_way());
  REQUIRE(bench.run_until([&] { return broker.packets.size() == 1; }));
  bench.run_until([&] { return probe.has<link_event::Sent>(); });
  CHECK(clocks.activity->under_way());
  broker.send({0x20, 2, 0, 0});
  REQUIRE(probe.wait<link_event::ConnAck>());
  CHECK_FALSE(clocks.activity->under_way());

  const auto publish = probe.link.publish({7, 1, false, "t", "x"});
  CHECK(clocks.activity->under_way());
  REQUIRE(bench.run_until([&] { return broker.packets.size() == 2; }));
  CHECK(clocks.activity->under_way());
  broker.send({0x40, 2, 0, 7});
  REQUIRE(bench.run_until([&] { return probe.acked(publish); }));
  CHECK_FALSE(clocks.activity->under_way());

  probe.link.ping();
  REQUIRE(bench.run_until([&] { return broker.packets.size() == 3; }));
  CHECK(clocks.activity->under_way());
  probe.link.back_pressure(true);
  CHECK_FALSE(clocks.activity->under_way());
  probe.link.back_pressure(false);
  broker.send({0xD0, 0});
  REQUIRE(probe.wait<link_event::Pong>());
  CHECK_FALSE(clocks.activity->under_way());

  probe.link.ping();
  probe.link.close();
  CHECK_FALSE(clocks.activity->under_way());
}

TEST_CASE("an answer that somebody withholds has come, and is under way no more") {
  LinkBench bench;
  ScriptedBroker broker(bench.io);
  Clocks clocks;
  auto options = clocks.options();
  int withheld = 0;
  options.gate = [&withheld](Packet packet, const auto& pass) {
    if (type_of(packet) == PacketType::pingresp)
      ++withheld;
    else
      pass(std::move(packet));
  };
  Probe probe(bench, std::move(options));
  REQUIRE(probe.up(broker.port(), "c"));
  probe.link.ping();
  REQUIRE(bench.run_until([&] { return broker.count(PacketType::pingreq) == 1; }));
  CHECK(clocks.activity->under_way());
  broker.send({0xD0, 0});
  REQUIRE(bench.run_until([&] { return withheld == 1; }));
  CHECK_FALSE(clocks.activity->under_way());
}

TEST_CASE("while the module's clock stands the broker is pinged, and the module does not know") {
  LinkBench bench;
  ScriptedBroker broker(bench.io);
  broker.on_packet = [&broker](const Packet& packet) {
    if (type_of(packet) == PacketType::pingreq) broker.send({0xD0, 0});
  };
  Clocks clocks;
  Probe probe(bench, clocks.options());
  int shown = 0;
  probe.link.watch([&shown](Direction, const PacketHeader&) { ++shown; });
  auto request = support::as_client("c");
  request.keepalive = 1;
  REQUIRE(probe.open(broker.port()));
  REQUIRE(probe.connect(request));
  clocks.rate = 0;
  REQUIRE(bench.run_until([&] { return clocks.stood_in == 2; }));
  REQUIRE(bench.run_until([&] { return broker.count(PacketType::pingreq) == 2; }));
  CHECK_FALSE(clocks.activity->under_way());
  probe.link.ping();
  REQUIRE(probe.wait<link_event::Pong>());
  CHECK(probe.all<link_event::Pong>().size() == 1);
  CHECK(probe.all<link_event::Sent>().size() == 2);
  // CONNECT, CONNACK, PINGREQ, PINGRESP
  CHECK(shown == 4);
}
