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
  using Bearer::context_lost;
  [[nodiscard]] std::vector<std::string> chosen_name_servers(int) const override { return {}; }
  [[nodiscard]] bool bring_up(int) override { return true; }
};

struct FakeNetworks : PacketNetworks {
  struct Net : PacketNet {
    explicit Net(FakeNetworks& networks) : all(networks) {}
    void send(std::string_view packet) override { all.sent.emplace_back(packet); }
    void pause(bool on) override { all.pauses += on ? "pause " : "go "; }
    [[nodiscard]] bool is_named(const Endpoint& endpoint) const override {
      return all.named == endpoint.port;
    }
    void resolve(const std::string& name, DnsAnswers::Resolved done) override {
      all.asked = name;
      done({DnsAnswers::Status::found, {0x7F000001}});
    }
    FakeNetworks& all;
  };
  std::unique_ptr<PacketNet> attach(const Attachment& where,
                                    std::function<void(std::string_view)> to_host) override {
    arrived = std::move(to_host);
    attachment = where;
    return std::make_unique<Net>(*this);
  }
  [[nodiscard]] bool reaches_everywhere() const override { return far; }

  std::function<void(std::string_view)> arrived;
  Attachment attachment;
  std::uint16_t named = 0;
  bool far = false;
  std::string asked;
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

using Servers = std::vector<std::string>;

struct Bench {
  explicit Bench(Servers servers = {"8.8.8.8", "8.8.4.4"}, const cellular::Knobs& set = {},
                 bool far = false)
      : name_servers(std::move(servers)), knobs(set) {
    networks.far = far;
    call->connected(channel);
    host.begin();
    while (!host.is_up()) {
      timeline.run_until(timeline.now() + std::chrono::milliseconds(1));
      hear();
    }
    hear();
  }

  void hear() {
    const auto bytes = std::exchange(channel.written, {});
    said += bytes;
    host.hear(bytes);
  }
  /// What the module says to a packet of the host.
  std::vector<std::string> answers(const std::string& packet) {
    host.send_ip(packet);
    host.hear(std::exchange(channel.written, {}));
    return host.packets();
  }
  /// An ICMP message of that type and code, with the beginning of what it is about.
  void is_refused(const std::string& packet, const std::string& type_and_code) {
    const auto refusals = answers(packet);
    REQUIRE(refusals.size() == 1);
    CHECK(shown(refusals.front().substr(20, 2)) == type_and_code);
    CHECK(refusals.front().substr(28) == packet.substr(0, 28));
  }

  Servers name_servers;
  std::string said;  // by the module, until the host is up
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
                 [this](int) { return name_servers; },
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

TEST_CASE(
    "a name server in the host's own net answers pings, and refuses the rest [IP-8] [IP-12]") {
  Bench bench({"10.64.12.53", "8.8.4.4"});
  CHECK(bench.networks.attachment.dns == std::vector<Address>{0x0A400C35, 0x08080404});
  CHECK(bench.answers(hex("45 00 00 1C 00 01 00 00 40 01 4E 29 0A 40 0C 03 0A 40 0C 35 08 00 F7 FF "
                          "00 00 00 00")) ==
        std::vector{hex("45 00 00 1C 00 00 00 00 40 01 4E 2A 0A 40 0C 35 0A 40 0C 03 00 00 FF FF "
                        "00 00 00 00")});
  bench.is_refused(hex("45 00 00 1C 00 01 00 00 40 11 4E 19 0A 40 0C 03 0A 40 0C 35 04 00 00 09 "
                       "00 08 00 00"),
                   "03 00");
  // Nobody has the address beside it.
  bench.is_refused(hex("45 00 00 1C 00 01 00 00 40 11 4E 01 0A 40 0C 03 0A 40 0C 4D 04 00 00 09 "
                       "00 08 00 00"),
                   "03 01");
  CHECK(bench.networks.sent.empty());
}

TEST_CASE("who asks a name server by UDP is answered, who asks by TCP meets the network's [IP-8]") {
  Bench bench;
  const auto question =
      hex("45 00 00 2F 00 01 00 00 40 11 54 6B 0A 40 0C 03 08 08 08 08 04 00 00 35 00 1B 00 00 "
          "12 34 01 00 00 01 00 00 00 00 00 00 01 68 00 00 01 00 01");
  const auto answered = bench.answers(question);
  CHECK(bench.networks.asked == "h");
  REQUIRE(answered.size() == 1);
  // From the server's port 53 to the host's, with one address.
  CHECK(shown(answered.front().substr(12, 12)) == "08 08 08 08 0A 40 0C 03 00 35 04 00");
  CHECK(shown(answered.front().substr(28, 8)) == "12 34 81 80 00 01 00 01");
  CHECK(shown(answered.front().substr(answered.front().size() - 4)) == "7F 00 00 01");
  const auto by_tcp =
      hex("45 00 00 28 00 01 00 00 40 06 54 7D 0A 40 0C 03 08 08 08 08 04 00 00 35 "
          "00 00 00 01 00 00 00 00 50 02 03 E8 00 00 00 00");
  CHECK(bench.answers(by_tcp).empty());
  CHECK(bench.networks.sent == std::vector{by_tcp});
  // Neither, as its header ends too early.
  bench.is_refused(hex("45 00 00 1C 00 01 00 00 40 11 54 7E 0A 40 0C 03 08 08 08 08 04 00 00 35 "
                       "00 07 00 00"),
                   "03 01");
}

TEST_CASE("packets for a service that is named go out, those of others are lost [IP-12]") {
  Bench bench;
  const auto far =
      hex("45 00 00 1C 00 01 00 00 40 11 2E B3 0A 40 0C 03 5D B8 D8 22 04 00 00 09 00 08 00 00");
  bench.is_refused(far, "03 00");
  bench.networks.named = 9;
  CHECK(bench.answers(far).empty());
  CHECK(bench.networks.sent == std::vector{far});
  // Of a source that the host was not given.
  CHECK(bench
            .answers(hex("45 00 00 1C 00 01 00 00 40 01 4E 56 0A 40 0C 09 0A 40 0C 02 08 00 F7 FF "
                         "00 00 00 00"))
            .empty());
  CHECK(bench.networks.sent == std::vector{far});
}

TEST_CASE("a call whose context was lost sends nothing more [PPP-12]") {
  Bench bench;
  bench.bearer.context_lost(1);
  bench.host.send_ip(echo);
  CHECK(bench.networks.sent.empty());
  bench.call->drained();
  CHECK(bench.networks.pauses.empty());
  bench.host.hear(std::exchange(bench.channel.written, {}));
  CHECK(bench.host.terminations() == 1);
  bench.timeline.run_until(bench.timeline.now() + std::chrono::seconds(1));
  CHECK(bench.channel.losses == 1);
}

TEST_CASE("the module's own address is named to the host where it is told to [PPP-34]") {
  const bool named = GENERATE(false, true);
  cellular::Knobs knobs;
  REQUIRE_FALSE(knobs.set(named ? "ppp-gateway=named" : "ppp-gateway=none"));
  Bench bench({"8.8.8.8", "8.8.4.4"}, knobs);
  // The option IP-Address; nothing of it is escaped for this host.
  CHECK((bench.said.find(hex("03 06 0A 40 0C 02")) != std::string::npos) == named);
}

TEST_CASE("a network that reaches everywhere is asked for everything [IP-12]") {
  Bench bench({"8.8.8.8", "8.8.4.4"}, {}, true);
  const auto far =
      hex("45 00 00 1C 00 01 00 00 40 11 2E B3 0A 40 0C 03 5D B8 D8 22 04 00 00 09 00 08 00 00");
  CHECK(bench.answers(far).empty());
  CHECK(bench.networks.sent == std::vector{far});
}

TEST_CASE("no error answers an error [IP-12]") {
  Bench bench;
  // Unreachable, itself out of reach.
  CHECK(bench
            .answers(hex("45 00 00 1C 00 01 00 00 40 01 2E C3 0A 40 0C 03 5D B8 D8 22 03 00 FC FF "
                         "00 00 00 00"))
            .empty());
  CHECK(bench.networks.sent.empty());
}

TEST_CASE("what comes for a host that has hung up goes nowhere [PPP-8]") {
  Bench bench;
  bench.call->hung_up();
  bench.channel.room_now = 0;
  bench.networks.arrived(for_host);
  CHECK(bench.channel.written.empty());
  CHECK(bench.networks.pauses.empty());
  bench.host.send_ip(echo);
  CHECK(bench.networks.sent.empty());
}

TEST_CASE("a call that is dropped twice ends once [PPP-11]") {
  Bench bench;
  bench.call->drop(Call::Drop::silently);
  bench.call->drop(Call::Drop::silently);
  CHECK(bench.channel.losses == 1);
}

TEST_CASE("this machine is the second of a host's net, or the first for the second [IP-5]") {
  CHECK(alias_for(0x0A400C03) == 0x0A400C02);
  CHECK(alias_for(0x0A400C02) == 0x0A400C01);
}
