// Much from the broker at once: memory stays, nothing is lost.
#include "mqtt_backend/client.hpp"
#include "tests/support/link_bench.hpp"
#include "tests/support/rude_broker.hpp"
#include "tests/support/world.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <future>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mqtt_backend;
using namespace std::chrono_literals;
using support::LinkBench;
using support::RudeBroker;

namespace {

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t whole = 0;
  std::size_t resident = 0;
  statm >> whole >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::string packet(std::uint8_t first, const Packet& body) {
  const auto bytes = make_packet(first, body);
  return {bytes.begin(), bytes.end()};
}

struct AlwaysUp : cellular::Bearer {
  bool bring_up(int) override { return true; }
  [[nodiscard]] std::vector<std::string> chosen_name_servers(int) const override { return {}; }
};

/// Says which messages came, and forgets what was in them.
struct Ids : at::Announce {
  void announce(std::string line) override {
    const bool message = line.rfind("+QMTRECV: 0,", 0) == 0;
    said += message ? line.substr(12, line.find(',', 12) - 12) + ' ' : line + ' ';
    messages += message ? 1 : 0;
  }
  std::string said;
  std::size_t messages = 0;
};

/// A client on a real link, whose virtual time the test moves.
struct Stage {
  LinkBench bench;
  at::Timeline timeline;
  Ids ids;
  support::MemoryLog log;
  cellular::Latency latency;
  cellular::Knobs knobs;
  AlwaysUp bearer;
  ClientWorld world{
      timeline,          ids, log, latency, knobs, bearer, [] { return std::int64_t{0}; }, {},
      [] { return 1.0; }};
  LinkPaho link{bench.world};
  Client client{0, world, link};

  void pass(at::Duration time) { timeline.run_until(timeline.now() + time); }
  bool run_until(const std::function<bool()>& done) { return bench.run_until(done, 20s); }
};

}  // namespace

TEST_CASE("hundreds of large messages behind a late SUBACK wait at the broker") {
  constexpr std::uint16_t count = 300;
  constexpr std::size_t size = 200000;
#ifdef __SANITIZE_THREAD__
  constexpr std::size_t most =
      4 * 24 * 1024 * 1024;  // with the sanitizer's notes of what was touched
#else
  constexpr std::size_t most = 24 * 1024 * 1024;
#endif
  RudeBroker broker;
  auto side = std::async(std::launch::async, [&] {
    broker.accept();
    broker.hear_some();
    broker.say({"\x20\x02\0\0", 4});
    broker.hear_some();
    broker.say({"\x90\x03\0\x07\x01", 5});
    for (std::uint16_t id = 1; id <= count; ++id) {
      Packet body;
      append_text(body, "t");
      append_u16(body, id);
      body.resize(body.size() + size, 'x');
      broker.say(packet(0x32, body));
    }
  });
  Stage stage;
  stage.client.config().version = 4;
  stage.client.open({}, "127.0.0.1", broker.port());
  REQUIRE(stage.run_until([&] { return stage.client.state() == Client::State::open; }));
  REQUIRE(stage.client.connect({}, {"c"}));
  REQUIRE(stage.run_until([&] { return stage.client.connected(); }));
  stage.latency = cellular::Latency(cellular::Latency::Fixed{8s});
  stage.ids.said.clear();
  const auto before = resident_bytes();
  REQUIRE_FALSE(stage.client.subscribe({}, 7, {{"t", 1}}));
  const auto stopped = [&] {
    return !stage.log.lines.empty() &&
           stage.log.lines.back().find("has to wait") != std::string::npos;
  };
  REQUIRE(stage.run_until(stopped));
  stage.bench.run_for(300ms);
  CHECK(stage.ids.said.empty());
  CHECK(resident_bytes() < before + most);
  stage.pass(8s);
  CHECK(stage.run_until([&] { return stage.ids.messages == count; }));
  CHECK(resident_bytes() < before + most);
  std::string wanted = "+QMTSUB: 0,7,0,1 ";
  for (int id = 1; id <= count; ++id) wanted += fmt::format("{} ", id);
  CHECK(stage.ids.said == wanted);
  side.get();
}

TEST_CASE("a message longer than what may wait for the library arrives") {
  constexpr std::size_t size = 3 * 1024 * 1024;
  RudeBroker broker;
  auto side = std::async(std::launch::async, [&] {
    broker.accept();
    broker.hear_some();
    broker.say({"\x20\x02\0\0", 4});
    for (int i = 0; i < 3; ++i) {
      Packet body;
      append_text(body, "t");
      body.resize(body.size() + size, 'x');
      broker.say(packet(0x30, body));
    }
  });
  LinkBench bench;
  LinkOptions options;
  options.packet_cap = 2 * size;
  support::Probe probe(bench, options);
  REQUIRE(probe.up(broker.port(), "long"));
  CHECK(probe.wait<link_event::Message>(3, 20s));
  CHECK_FALSE(probe.has<link_event::Down>());
  for (const auto& message : probe.all<link_event::Message>())
    CHECK(message.payload.size() == size);
  side.get();
}
