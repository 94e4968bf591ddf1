// The loopback hop among strangers: who holds connections to it open must not be in the way.
#include "mqtt_backend/link/hop_listener.hpp"
#include "tests/support/link_bench.hpp"
#include "tests/support/scripted_broker.hpp"

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

using namespace mqtt_backend;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using support::LinkBench;
using support::Probe;
using support::ScriptedBroker;

namespace {

/// Connections that say nothing, as a port scanner holds them.
class Strangers {
 public:
  Strangers(boost::asio::io_context& io, std::uint16_t port) : io_(io), port_(port) {}

  void come(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      held_.push_back(std::make_unique<tcp::socket>(io_));
      held_.back()->connect({boost::asio::ip::address_v4::loopback(), port_});
    }
  }
  /// All of them say this.
  void say(const std::string& bytes) {
    for (const auto& socket : held_) boost::asio::write(*socket, boost::asio::buffer(bytes));
  }
  /// How many of the first `count` the listener has closed, with RST: a port scanner leaves no
  /// TIME_WAIT behind.
  [[nodiscard]] std::size_t closed(std::size_t count) {
    std::size_t gone = 0;
    for (std::size_t i = 0; i < count; ++i) {
      boost::system::error_code error;
      std::array<char, 64> greeting{};
      held_[i]->non_blocking(true);
      while (!error) held_[i]->read_some(boost::asio::buffer(greeting), error);
      // That is said once.
      if (error == boost::asio::error::connection_reset) reset_.insert(i);
      gone += reset_.count(i);
    }
    return gone;
  }

 private:
  boost::asio::io_context& io_;
  std::uint16_t port_;
  std::vector<std::unique_ptr<tcp::socket>> held_;
  std::set<std::size_t> reset_;
};

}  // namespace

TEST_CASE("idle connections to the hop do not stop a QMTCONN") {
  LinkBench bench;
  ScriptedBroker broker(bench.io);
  REQUIRE(bench.world.warm_up());
  Strangers strangers(bench.io, bench.world.hop().port());
  strangers.come(200);
  for (const char* id : {"a", "b", "c", "d"}) {
    Probe probe(bench);
    CHECK(probe.up(broker.port(), id));
    CHECK_FALSE(probe.has<link_event::Down>());
    strangers.come(20);
  }
}

TEST_CASE("the hop has room for strangers and for every connection that it waits for") {
  LinkBench bench;
  HopListener hop(bench.io, [] {});
  REQUIRE(hop.start());
  std::vector<std::string> nonces;
  for (int i = 0; i < 66; ++i) nonces.push_back(hop.expect([](tcp::socket, Packet) {}));
  Strangers strangers(bench.io, hop.port());
  strangers.come(64 + 66);
  REQUIRE(bench.run_until([&] { return hop.guests() == 130; }));
  CHECK(strangers.closed(130) == 0);
  CHECK(hop.evicted() == 0);
  strangers.come(10);
  REQUIRE(bench.run_until([&] { return hop.evicted() == 10; }));
  CHECK(hop.guests() == 130);
  CHECK(strangers.closed(10) == 10);
  CHECK(strangers.closed(140) == 10);
  for (const auto& nonce : nonces) hop.forget(nonce);
  strangers.come(1);
  REQUIRE(bench.run_until([&] { return hop.guests() == 64; }));
}

TEST_CASE("a foreign CONNECT at the hop is closed, and takes nobody's place") {
  using namespace std::string_literals;
  LinkBench bench;
  HopListener hop(bench.io, [] {});
  REQUIRE(hop.start());
  bool is_claimed = false;
  const auto nonce = hop.expect([&](tcp::socket, Packet) { is_claimed = true; });
  const auto connect_as = [](const std::string& id) {
    return "\x10"s + static_cast<char>(12 + id.size()) + "\0\4MQTT\4\2\0\0\0"s +
           static_cast<char>(id.size()) + id;
  };
  Strangers foreign(bench.io, hop.port());
  foreign.come(3);
  foreign.say(connect_as(std::string(nonce.size(), '0')));
  Strangers rude(bench.io, hop.port());
  rude.come(1);
  rude.say("GET / HTTP/1.1\r\n\r\n");
  REQUIRE(bench.run_until([&] { return foreign.closed(3) == 3 && rude.closed(1) == 1; }));
  CHECK_FALSE(is_claimed);
  CHECK(hop.guests() == 0);

  Strangers ours(bench.io, hop.port());
  ours.come(1);
  ours.say(connect_as(nonce));
  REQUIRE(bench.run_until([&] { return is_claimed; }));
  Strangers late(bench.io, hop.port());
  late.come(1);
  late.say(connect_as(nonce));
  REQUIRE(bench.run_until([&] { return late.closed(1) == 1; }));
}

TEST_CASE("a hop that was stopped takes no connection") {
  LinkBench bench;
  HopListener hop(bench.io, [] {});
  REQUIRE(hop.start());
  const auto port = hop.port();
  hop.stop();
  tcp::socket late(bench.io);
  boost::system::error_code error;
  late.connect({boost::asio::ip::address_v4::loopback(), port}, error);
  CHECK(error == boost::asio::error::connection_refused);
}
