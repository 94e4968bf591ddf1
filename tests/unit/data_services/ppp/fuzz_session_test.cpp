// Sessions with hosts that say anything, from fixed seeds: what must hold whatever comes.
#include "tests/unit/data_services/ppp/bench.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace ppp_test;

namespace {

class Chaos {
 public:
  explicit Chaos(unsigned seed) : random_(seed), bench_(config()) {}

  void run() {
    for (int step = 0; step < 120 && bench_.ends.empty(); ++step) {
      act();
      check();
    }
    end();
  }

  [[nodiscard]] int ups() const { return bench_.ups; }

 private:
  Session::Config config() {
    auto config = usual(static_cast<Login>(random_() % 3));
    config.first_frame_delay = std::chrono::milliseconds(random_() % 100);
    config.refuses_login = random_() % 10 == 0;
    config.ipcp_delay = std::chrono::milliseconds(random_() % 3 * 500);
    if (random_() % 2 == 0) config.offer.gateway = 0x0A000201;
    if (random_() % 4 == 0) config.offer.dns2 = 0;
    return config;
  }

  unsigned below(unsigned limit) { return static_cast<unsigned>(random_()) % limit; }
  char any() { return static_cast<char>(random_()); }
  std::string some(unsigned most) {
    std::string bytes(below(most + 1), ' ');
    for (auto& byte : bytes) byte = any();
    return bytes;
  }

  void act() {
    switch (below(12)) {
      case 0:
        return bench_.session.receive(some(40));
      case 1:
        return bench_.wait(std::chrono::milliseconds(below(8000)));
      case 2:
        return bench_.session.send_packet(some(1600));
      case 3:
        return below(2) == 0 ? bench_.session.suspend() : bench_.session.resume();
      case 4:
      case 5:
        return agree();
      case 6:
        return grantable();
      case 7:
        return log_in();
      default:
        return bench_.session.receive(spoilt(framed(packet())));
    }
  }

  /// Acknowledges, naks or rejects a request of the module.
  void agree() {
    auto answer = request_;
    if (!answer.empty()) answer[2] = static_cast<char>(below(6) == 0 ? 2 + below(3) : 2);
    bench_.session.receive(framed(answer));
  }
  void grantable() {
    bench_.say(below(3) == 0 ? "C021 01 01 000A 0206 00000000"
                             : "8021 01 07 0010 0306 0A00020F 8106 0A000203");
  }
  void log_in() {
    bench_.say(below(2) == 0 ? "C023 01 01 0006 0000"
                             : "C223 02 01 0015 10 00112233445566778899AABBCCDDEEFF");
  }

  std::string packet() {
    static const std::vector<std::string> protocols{
        hex("C021"), hex("C021"), hex("8021"), hex("C023"), hex("C223"), hex("0021"),
        hex("80FD"), hex("8057"), hex("21"),   hex("00"),   ""};
    auto packet = protocols[below(static_cast<unsigned>(protocols.size()))];
    std::string data;
    for (unsigned i = below(5); i > 0; --i) {
      const auto value = some(8);
      data += static_cast<char>(below(20));
      data += static_cast<char>(below(8) == 0 ? below(256) : value.size() + 2);
      data += value;
    }
    packet += static_cast<char>(below(14));
    packet += static_cast<char>(below(4));
    const auto size = data.size() + 4;
    packet += static_cast<char>(below(16) == 0 ? any() : static_cast<char>(size >> 8U));
    packet += static_cast<char>(below(16) == 0 ? any() : static_cast<char>(size & 0xFFU));
    return packet + data;
  }

  std::string spoilt(std::string line) {
    if (below(8) == 0) line[below(static_cast<unsigned>(line.size()))] = any();
    if (below(16) == 0) line.resize(below(static_cast<unsigned>(line.size())));
    return line;
  }

  void check() {
    for (const auto& line : std::exchange(bench_.lines, {})) {
      const auto packet = opened(line);
      REQUIRE_FALSE(packet.starts_with("bad: "));
      REQUIRE(packet.size() <= 2 + 1500);
      if (packet[1] == 0x21 && packet[0] == 0) continue;
      REQUIRE(packet.size() >= 6);
      const auto length =
          (static_cast<unsigned char>(packet[4]) << 8U) | static_cast<unsigned char>(packet[5]);
      REQUIRE(static_cast<std::size_t>(length) == packet.size() - 2);
      if (packet[1] == 0x21 && packet[2] == 1) request_ = packet;
    }
    REQUIRE(bench_.timeline.pending() <= 4);
    for (const auto& packet : std::exchange(bench_.packets, {})) {
      REQUIRE(bench_.ups > 0);
      REQUIRE(hex(packet).size() <= 1500);
    }
    REQUIRE(bench_.ends.size() <= 1);
    if (bench_.session.negotiation_complete()) REQUIRE(bench_.ups > 0);
  }

  /// However it stands, it comes to an end, once, and then is silent.
  void end() {
    if (below(2) == 0) bench_.session.terminate();
    bench_.wait(1000s);
    if (bench_.session.negotiation_complete()) bench_.session.terminate();
    bench_.wait(1000s);
    REQUIRE(bench_.ends.size() == 1);
    REQUIRE(bench_.timeline.pending() == 0);
    bench_.lines.clear();
    bench_.say("C021 01 01 0004");
    bench_.session.send_packet("x");
    bench_.session.terminate();
    bench_.wait(100s);
    REQUIRE(bench_.lines.empty());
    REQUIRE(bench_.ends.size() == 1);
  }

  std::mt19937 random_;
  Bench bench_;
  std::string request_;  // the last one of the module
};

}  // namespace

TEST_CASE("whatever a host says, frames are whole, and a session ends once") {
  int ups = 0;
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    INFO("seed " << seed);
    Chaos chaos(seed);
    chaos.run();
    ups += chaos.ups();
  }
  CHECK(ups > 100);
}
