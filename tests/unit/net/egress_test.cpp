// How far a module reaches: --internet.
#include "net/egress.hpp"

#include "net/dialer.hpp"
#include "net/system_internet.hpp"
#include "tests/unit/pty/host.hpp"

#include <atomic>

#include <catch2/catch.hpp>

using namespace net;

namespace {

const Egress confined(Egress::Extent::loopback);

bool admits(const Egress& egress, const char* address) {
  return egress.admits(boost::asio::ip::make_address(address));
}

/// A modem's resolver that reaches no further than loopback, and whose system knows every name.
struct Confined {
  Confined() { resolver->egress() = confined; }

  /// The addresses of `host`, or "error".
  std::string addresses(const std::string& host) {
    std::optional<std::string> said;
    resolver->start({host, std::uint16_t{1883}}, [&](auto error, const auto& found) {
      said = error ? "error" : "";
      for (const auto& endpoint : found.endpoints) *said += endpoint.address().to_string() + " ";
    });
    REQUIRE(pty_test::run_until(io, [&] { return said.has_value(); }));
    return *said;
  }

  boost::asio::io_context io;
  std::shared_ptr<std::atomic<int>> asked = std::make_shared<std::atomic<int>>(0);
  std::shared_ptr<Resolver> resolver = std::make_shared<Resolver>(
      io, [asked = asked](const std::string&, std::uint16_t port, auto&) -> Resolver::Endpoints {
        ++*asked;
        return {{boost::asio::ip::address_v4::loopback(), port}};
      });
};

}  // namespace

TEST_CASE("loopback is 127.0.0.0/8 and ::1, and nothing else") {
  for (const char* address : {"127.0.0.1", "127.0.0.9", "127.255.255.255", "::1"})
    CHECK(admits(confined, address));
  for (const char* address :
       {"0.0.0.0", "10.0.0.1", "126.255.255.255", "128.0.0.0", "169.254.1.1", "192.0.2.1",
        "255.255.255.255", "::", "::2", "fe80::1", "2001:db8::1", "::ffff:192.0.2.1"})
    CHECK_FALSE(admits(confined, address));
  for (const char* address : {"127.0.0.1", "192.0.2.1", "2001:db8::1"})
    CHECK(admits(Egress(), address));
}

TEST_CASE("confined to loopback, the system is not asked for names") {
  Confined modem;
  REQUIRE(modem.resolver->rules().add("mine.example=127.0.0.7"));
  REQUIRE(modem.resolver->rules().add("led.example=other.example"));
  CHECK(modem.addresses("mine.example") == "127.0.0.7 ");
  CHECK(modem.addresses("127.0.0.8") == "127.0.0.8 ");
  CHECK(modem.addresses("LocalHost") == "127.0.0.1 ::1 ");
  CHECK(modem.addresses("broker.example") == "error");
  CHECK(modem.addresses("led.example") == "error");
  CHECK(*modem.asked == 0);
  modem.resolver->egress() = Egress();
  CHECK(modem.addresses("broker.example") == "127.0.0.1 ");
  CHECK(*modem.asked == 1);
}

TEST_CASE("a dialer confined to loopback takes another address for unreachable") {
  Confined modem;
  REQUIRE(modem.resolver->rules().add("mine.example=192.0.2.1"));
  const auto [host, expected] = GENERATE(
      table<std::string, Dialer::Failure>({{"192.0.2.1", Dialer::Failure::unreachable},
                                           {"2001:db8::1", Dialer::Failure::unreachable},
                                           {"mine.example", Dialer::Failure::unreachable},
                                           {"broker.example", Dialer::Failure::unresolved}}));
  CAPTURE(host);
  DialerOptions options;
  options.resolver = modem.resolver;
  Dialer dialer(modem.io, options);
  std::optional<Dialer::Failure> failure;
  Dialer::Events events;
  events.failed = [&](Dialer::Failure why, const std::string&) { failure = why; };
  dialer.dial({host, 1883}, {}, std::move(events));
  REQUIRE(pty_test::run_until(modem.io, [&] { return failure.has_value(); }));
  CHECK(failure == expected);
}

TEST_CASE("confined to loopback, pings and questions for the time go nowhere else") {
  Confined modem;
  SystemInternet internet(modem.io, modem.resolver, [](const auto& answer) { answer(); });
  int answers = 0;
  const auto ping = internet.ping("192.0.2.1", [&](const auto& echo) {
    CHECK_FALSE(echo);
    ++answers;
  });
  const auto time = internet.ask_time({"time.example", "192.0.2.1", 123}, [&](const auto& unix_ms) {
    CHECK_FALSE(unix_ms);
    ++answers;
  });
  CHECK(answers == 0);
  CHECK(pty_test::run_until(modem.io, [&] { return answers == 2; }));
}
