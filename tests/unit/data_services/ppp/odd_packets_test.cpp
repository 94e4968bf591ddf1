// Packets that are cut, or are what nobody asks for: none of them is taken for what it is not.
#include "data_services/ppp/ip_packet.hpp"
#include "data_services/ppp/translation.hpp"
#include "tests/support/ip_host.hpp"
#include "tests/unit/data_services/ppp/hex.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>

#include <catch2/catch.hpp>

using namespace data_services::ppp;
using namespace ppp_test;

namespace {

constexpr support::IpAddress host = 0x0A400C03;
constexpr support::IpAddress named = 0x0A400C10;
constexpr support::IpAddress alias = 0x0A400C02;
constexpr std::size_t check_of_udp = 26;  // behind a header of 20

/// An ICMP message of that type; the rest of it is not looked at.
IpPacket icmp_of(const std::string& octets, std::uint8_t type, std::string& message) {
  auto packet = *parse_ip(octets);
  message = packet.payload;
  message[0] = static_cast<char>(type);
  packet.payload = message;
  return packet;
}

}  // namespace

TEST_CASE("a refusal tells of what asks or answers, and of no error [IP-12]") {
  const auto ping = support::IpHost(host).ping(named, "x");
  std::string message;
  for (const auto asks : std::initializer_list<std::uint8_t>{0, 8, 13, 18}) {
    CAPTURE(asks);
    CHECK(make_unreachable(icmp_of(ping, asks, message), alias, Unreachable::host));
  }
  for (const auto error : std::initializer_list<std::uint8_t>{3, 5, 11, 12, 19}) {
    CAPTURE(error);
    CHECK_FALSE(make_unreachable(icmp_of(ping, error, message), alias, Unreachable::host));
  }
}

TEST_CASE("what is shorter than its header, or a fragment, has no ports and no echo [IP-7]") {
  const support::IpHost from(host);
  const auto whole_udp = from.datagram(named, 4000, 7, "x");
  const auto whole_tcp = from.segment(named, 4000, 80, 1, 0, 2);
  const auto whole_ping = from.ping(named, "x");
  auto udp = *parse_ip(whole_udp);
  auto tcp = *parse_ip(whole_tcp);
  auto ping = *parse_ip(whole_ping);
  CHECK(parse_udp(udp));
  CHECK(parse_tcp(tcp));
  CHECK(make_echo_reply(ping));
  SECTION("short") {
    udp.payload = udp.payload.substr(0, 7);
    tcp.payload = tcp.payload.substr(0, 19);
    ping.payload = ping.payload.substr(0, 7);
  }
  SECTION("a fragment") {
    udp.has_more_fragments = tcp.has_more_fragments = ping.has_more_fragments = true;
  }
  CHECK_FALSE(parse_udp(udp));
  CHECK_FALSE(parse_tcp(tcp));
  CHECK_FALSE(make_echo_reply(ping));
}

TEST_CASE("a datagram without a check is led without one [IP-5]") {
  Translation translation;
  auto packet = support::IpHost(host).datagram(named, 4000, 7, "hello");
  packet[check_of_udp] = packet[check_of_udp + 1] = '\0';
  REQUIRE(translation.lead(packet, {alias, 40'007}));
  const auto led = support::parse_packet(packet);
  CHECK(led.to == alias);
  CHECK(support::take(led.payload, 2, 2) == 40'007);
  CHECK(support::take(packet, check_of_udp, 2) == 0);
}

TEST_CASE("a check that becomes zero is sent as all ones, as zero stands for none [IP-5]") {
  const support::IpHost from(host);
  Translation translation;
  auto packet = from.datagram(named, 4000, 7, std::string(2, '\0'));
  REQUIRE(translation.lead(packet, {alias, 40'007}));
  // With its own check as data the sum is all ones.
  packet = from.datagram(named, 4000, 7, packet.substr(check_of_udp, 2));
  REQUIRE(translation.lead(packet, {alias, 40'007}));
  CHECK(support::take(packet, check_of_udp, 2) == 0xFFFF);
  CHECK(support::parse_packet(packet).is_right);
}

TEST_CASE("what is no packet of TCP or UDP is not led, either way [IP-5]") {
  Translation translation;
  for (const auto& whole : {std::string("no packet"), support::IpHost(host).ping(named, "x")}) {
    auto packet = whole;
    CHECK_FALSE(translation.lead(packet, {alias, 1}));
    translation.lead_back(packet);
    CHECK(packet == whole);
  }
}

TEST_CASE("a conversation is remembered once, however much is said [IP-5]") {
  Translation translation;
  const support::IpHost from(host);
  for (const auto* const text : {"one", "two"}) {
    auto packet = from.datagram(named, 4000, 7, text);
    REQUIRE(translation.lead(packet, {alias, 40'007}));
  }
  CHECK(translation.flows() == 1);
}
