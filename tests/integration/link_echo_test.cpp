// Pings of several modems in one process are told apart on the wire.
#include "net/icmp_echo.hpp"
#include "net/system_internet.hpp"
#include "tests/support/link_bench.hpp"
#include "tests/support/skip.hpp"

#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <set>
#include <utility>

#include <catch2/catch.hpp>

using namespace net;
using support::LinkBench;

namespace {

/// Hears every echo request on this machine, if the user may.
class Sniffer {
 public:
  Sniffer() : socket_(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP)) {}
  ~Sniffer() {
    if (may()) ::close(socket_);
  }
  [[nodiscard]] bool may() const { return socket_ >= 0; }

  /// Identifier and sequence number of each that carries the modem's payload.
  std::multiset<std::pair<int, int>> heard() {
    std::multiset<std::pair<int, int>> pairs;
    std::array<std::uint8_t, 1500> bytes{};
    for (;;) {
      const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
      if (size <= 0) return pairs;
      const std::size_t start = static_cast<std::size_t>(bytes[0] & 0xFU) * 4;
      const auto* echo = bytes.data() + start;
      if (echo[0] != ICMP_ECHO || static_cast<std::size_t>(size) != start + 8 + IcmpEcho::payload)
        continue;
      pairs.insert({echo[4] << 8 | echo[5], echo[6] << 8 | echo[7]});
    }
  }

 private:
  int socket_;
};

}  // namespace

TEST_CASE("no two pings of a process look the same") {
  Sniffer sniffer;
  if (!sniffer.may()) return support::skip("this user may not open a raw socket");
  LinkBench bench;
  const auto deliver = [](const std::function<void()>& answer) { answer(); };
  SystemInternet one(bench.io, std::make_shared<Resolver>(bench.io), deliver);
  SystemInternet other(bench.io, std::make_shared<Resolver>(bench.io), deliver);
  int echoes = 0;
  for (int i = 0; i < 3; ++i)
    for (auto* internet : {&one, &other})
      internet->ping("127.0.0.1", [&](const auto& echo) { echoes += echo ? 1 : 0; });
  REQUIRE(bench.run_until([&] { return echoes == 6; }));
  const auto heard = sniffer.heard();
  CHECK(heard.size() >= 6);
  for (const auto& pair : heard) CHECK(heard.count(pair) == 1);
}
