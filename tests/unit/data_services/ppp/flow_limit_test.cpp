// How many connections a host may have through one data call.
#include "data_services/ppp/flow_limit.hpp"

#include "tests/support/ip_host.hpp"

#include <cstddef>
#include <string>

#include <catch2/catch.hpp>

using data_services::ppp::FlowLimit;
using data_services::ppp::parse_ip;

namespace {

constexpr support::IpAddress alias = 0x0A400C02;
const support::IpHost host(0x0A400C03);

constexpr unsigned syn = 2;
constexpr unsigned ack = 16;

constexpr std::size_t full = 512;

bool passes(FlowLimit& limit, const std::string& packet, std::size_t open) {
  const auto parsed = parse_ip(packet);
  REQUIRE(parsed);
  return limit.admits(*parsed, open);
}

/// The packet's flags and offset field says so; its check is made anew.
std::string fragment(std::string packet, unsigned field) {
  packet[6] = static_cast<char>(field >> 8U);
  packet[7] = static_cast<char>(field & 0xFFU);
  packet[10] = packet[11] = '\0';
  const auto check = support::ip_checksum(packet.substr(0, 20));
  packet[10] = static_cast<char>(check >> 8U);
  packet[11] = static_cast<char>(check & 0xFFU);
  return packet;
}

}  // namespace

TEST_CASE("no connection begins while a call has as many as it may have; the others go on") {
  FlowLimit limit;
  CHECK(passes(limit, host.segment(alias, 5000, 80, 1, 0, syn), full - 1));
  CHECK_FALSE(passes(limit, host.segment(alias, 5001, 80, 1, 0, syn), full));
  CHECK_FALSE(passes(limit, host.segment(alias, 5001, 80, 1, 0, syn), full + 1));
  CHECK(passes(limit, host.segment(alias, 5000, 80, 2, 1, ack, "GET"), full));
  CHECK(passes(limit, host.segment(alias, 5000, 80, 2, 1, syn | ack), full));
  CHECK(passes(limit, host.ping(alias, "x"), full - 1));
  CHECK_FALSE(passes(limit, host.ping(alias, "x"), full));
}

TEST_CASE("datagrams from a port that was in use pass, those from another do not") {
  FlowLimit limit;
  CHECK(passes(limit, host.datagram(alias, 5000, 7, "x"), full - 1));
  CHECK(passes(limit, host.datagram(alias, 5000, 7, "x"), full));
  CHECK(passes(limit, host.datagram(alias, 5000, 9, "x"), full));
  CHECK_FALSE(passes(limit, host.datagram(alias, 5001, 7, "x"), full));
  SECTION("but not for ever") {
    for (unsigned port = 6000; port < 6000 + full; ++port)
      CHECK(passes(limit, host.datagram(alias, port, 7, "x"), 0));
    CHECK_FALSE(passes(limit, host.datagram(alias, 5000, 7, "x"), full));
    CHECK(passes(limit, host.datagram(alias, 6000 + full - 1, 7, "x"), full));
  }
}

TEST_CASE("of a packet in parts the first one decides") {
  FlowLimit limit;
  const auto whole = host.datagram(alias, 5000, 7, "12345678");
  constexpr unsigned more = 0x2000;
  CHECK(passes(limit, fragment(whole, more), full - 1));
  CHECK_FALSE(passes(limit, fragment(whole, more), full));
  CHECK(passes(limit, fragment(whole, more | 2U), full));
  CHECK(passes(limit, fragment(whole, 4), full));
}
