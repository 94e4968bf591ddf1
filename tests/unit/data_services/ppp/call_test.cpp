// A data call between a channel and a network, both of them the test's: when the network has to
// wait for the channel, and what a tap sees.
#include "data_services/ppp/ppp_call.hpp"
#include "tests/support/ppp_host.hpp"
#include "tests/support/world.hpp"

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace data_services::ppp;
using support::hex;
using support::shown;

namespace {

/// A packet of another machine for the host, and an echo request of the host to its alias.
const std::string for_host = hex("45 00 00 14 00 01 00 00 40 FD 4D 7C 0A 40 0C 02 0A 40 0C 03");
const std::string echo =
    hex("45 00 00 1C 00 01 00 00 40 01 4E 5C 0A 40 0C 03 0A 40 0C 02 08 00 F7 FF 00 00 00 00");

struct FakeBearer : cellular::Bearer {
  [[nodiscard]] std::vector<std::string> chosen_name_servers(int) const override { return {}; }
  [[nodiscard]] bool bring_up(int) override { return true; }
};

struct FakeNetworks : PacketNetworks {
  struct Net : PacketNet {
    explicit Net(FakeNetworks& networks) : all(networks) {}
    void send(std::string_view packet) override { all.sent.emplace_back(packet); }
    void pause(bool on) override { all.pauses += on ? "pause " : "go "; }
    [[nodiscard]] bool is_named(const Endpoint&) const override { return false; }
    void resolve(const std::string&, DnsAnswers::Resolved done) override { done({}); }
    FakeNetworks& all;
  };
  std::unique_ptr<PacketNet> attach(const Attachment&,
                                    std::function<void(std::string_view)> to_host) override {
    arrived = std::move(to_host);
    return std::make_unique<Net>(*this);
  }

  std::function<void(std::string_view)> arrived;
  std::vector<std::string> sent;
  std::string pauses;
};

struct FakeChannel : at::OnlineChannel {
  void transmit(std::string_view bytes) override { written += bytes; }
  [[nodiscard]] std::size_t room() const override { return room_now; }
  void hold(bool) override {}
  void carrier_lost() override { ++losses; }
  void finish(const at::Outcome&) override {}
  void leave(std::string_view) override {}

  std::string written;
  std::size_t room_now = 100'000;
  int losses = 0;
};

struct FakeTap : PacketTap {
  void packet(int cid, bool from_host, std::string_view ip) override {
    seen.push_back(std::to_string(cid) + (from_host ? " > " : " < ") + shown(ip.substr(12, 8)));
  }
  std::vector<std::string> seen;
};

struct Bench {
  Bench() {
    call->connected(channel);
    host.begin();
    while (!host.is_up()) {
      timeline.run_until(timeline.now() + std::chrono::milliseconds(1));
      host.hear(std::exchange(channel.written, {}));
    }
    host.hear(std::exchange(channel.written, {}));
  }

  at::Timeline timeline;
  support::MemoryLog log;
  cellular::Latency latency;
  cellular::Knobs knobs;
  FakeBearer bearer;
  FakeNetworks networks;
  FakeTap tap;
  PppWorld world{timeline,
                 log,
                 latency,
                 knobs,
                 bearer,
                 networks,
                 [] { return true; },
                 [](int) { return true; },
                 [](int) { return std::string("10.64.12.3"); },
                 [](int) {
                   return std::vector<std::string>{"8.8.8.8", "8.8.4.4"};
                 },
                 [](int) {},
                 [] { return true; },
                 [] { return PppWorld::Surroundings{}; },
                 [] { return 1.0; },
                 [next = std::uint32_t{1}]() mutable { return next++; },
                 &tap};
  FakeChannel channel;
  std::shared_ptr<Call> call = std::make_shared<Call>(world, 1);
  support::PppHost host{[this](const std::string& bytes) { call->receive(bytes); }};
};

}  // namespace

TEST_CASE(
    "the network waits once the channel is full, and only then: it tells when it is drained "
    "[PPP-8] [IP-11]") {
  Bench bench;
  bench.channel.room_now = 2000;
  bench.networks.arrived(for_host);
  CHECK(bench.networks.pauses.empty());
  bench.channel.room_now = 0;
  bench.networks.arrived(for_host);
  CHECK(bench.networks.pauses == "pause ");
  bench.call->drained();
  CHECK(bench.networks.pauses == "pause go ");
  bench.host.hear(bench.channel.written);
  CHECK(bench.host.packets() == std::vector{for_host, for_host});
}

TEST_CASE("a tap sees the packets of both ways, and what the module answers itself [IP-16]") {
  Bench bench;
  bench.host.send_ip(echo);
  CHECK(bench.networks.sent == std::vector{echo});
  bench.networks.arrived(for_host);
  // To 192.0.2.1, which is out of reach.
  bench.host.send_ip(
      hex("45 00 00 1D 00 01 00 00 40 11 A2 8B 0A 40 0C 03 C0 00 02 01 04 00 00 09 "
          "00 09 00 00 78"));
  CHECK(bench.tap.seen ==
        std::vector<std::string>{"1 > 0A 40 0C 03 0A 40 0C 02", "1 < 0A 40 0C 02 0A 40 0C 03",
                                 "1 > 0A 40 0C 03 C0 00 02 01", "1 < 0A 40 0C 02 0A 40 0C 03"});
}
