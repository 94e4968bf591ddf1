// Where the suite's brokers listen, and where the unit is told to look for them.
#include "conformance/run/addresses.hpp"

#include "conformance/run/bench.hpp"
#include "conformance/run/held_port.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace conformance;

namespace {

// Of documents (RFC 5737, RFC 3849), and of no machine.
constexpr const char* foreign = "203.0.113.1";
constexpr const char* foreign_v6 = "2001:db8::5";

}  // namespace

TEST_CASE("a host is an address or what may be a name") {
  for (const auto* host :
       {"127.0.0.1", "::1", "2001:db8::5", "localhost", "a.example", "my_host-2"})
    CHECK(is_host(host));
  for (const auto* wrong :
       {"", " ", "no such", "a\"b", "a\nb", "-x", "a,b", "[::1]", "a:1", "tcp://a", "a/b"}) {
    CAPTURE(wrong);
    CHECK_FALSE(is_host(wrong));
  }
  CHECK(is_host(std::string(253, 'a')));
  CHECK_FALSE(is_host(std::string(254, 'a')));
  CHECK(is_address("::1"));
  CHECK_FALSE(is_address("localhost"));
  CHECK_FALSE(is_address("127.0.0.300"));
  CHECK(is_ipv4_address("127.0.0.1"));
  CHECK_FALSE(is_ipv4_address("::1"));
}

TEST_CASE("a name leads to an address, and an address to itself") {
  CHECK(address_of("localhost") == "127.0.0.1");
  CHECK(address_of(foreign) == foreign);
  CHECK(address_of(foreign_v6) == foreign_v6);
  CHECK_THROWS_AS(address_of("no-such-host.invalid"), std::runtime_error);
}

TEST_CASE("where nobody can listen is told in the system's words") {
  CHECK_NOTHROW(check_listening_at("127.0.0.1"));
  CHECK_NOTHROW(check_listening_at("0.0.0.0"));
  CHECK_THROWS_WITH(check_listening_at(foreign), "Cannot assign requested address");
  CHECK_THROWS_WITH(check_listening_at("localhost"), "Invalid argument");
  Loop loop;
  CHECK_THROWS_WITH(Bench(loop, {foreign, foreign}),
                    "cannot listen at 203.0.113.1: Cannot assign requested address");
  CHECK_THROWS_WITH(Bench(loop, {"localhost", "localhost"}),
                    "cannot listen at localhost: Invalid argument");
  CHECK_THROWS_WITH(HeldPort("localhost"), "no address: localhost");
  CHECK_THROWS_WITH(HeldPort(foreign), "no free port");
}

TEST_CASE("cases name the host as the unit has to type it") {
  Loop loop;
  Bench named(loop, {"127.0.0.1", "localhost"});
  CHECK(named.variable("host") == "localhost");
  CHECK(named.variable("url_host") == "localhost");
  const auto port = std::stoi(named.variable("tcp_port"));
  CHECK(named.variable("url") == fmt::format("http://localhost:{}/page", port));
  CHECK(named.variable("place") == fmt::format("127,0,0,1,{},{}", port / 256, port % 256));
  Bench of_ipv6(loop, {"127.0.0.1", foreign_v6});
  CHECK(of_ipv6.variable("host") == "2001:db8::5");
  CHECK(of_ipv6.variable("url_host") == "[2001:db8::5]");
  CHECK(of_ipv6.variable("url") ==
        fmt::format("http://[2001:db8::5]:{}/page", of_ipv6.variable("tcp_port")));
  CHECK_THROWS_WITH(of_ipv6.variable("place"), "FTP data need an address of IPv4, not 2001:db8::5");
}
