// IPv4 packets: views that stay inside, and the packets that the module makes.
#include "data_services/ppp/ip_packet.hpp"

#include "tests/unit/data_services/ppp/hex.hpp"
#include "tests/unit/data_services/ppp/ping_of_alias.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace data_services::ppp;
using namespace ppp_test;

namespace {

const std::string query =
    hex("45 00 00 20 00 01 00 00 40 11 62 BB 0A 00 02 0F 0A 00 02 03 C0 01 00 35 00 0C 00 00 61 62 "
        "63 64");
const std::string syn =
    hex("45 00 00 28 00 02 40 00 40 06 22 BE 0A 00 02 0F 0A 00 02 02 C0 02 07 5B 01 02 03 04 00 00 "
        "00 00 50 02 72 10 00 00 00 00");

}  // namespace

TEST_CASE("an address is four decimals") {
  CHECK(parse_address("10.0.2.15") == host);
  CHECK(parse_address("0.0.0.0") == 0U);
  CHECK(parse_address("255.255.255.255") == 0xFFFFFFFF);
  CHECK(to_text(host) == "10.0.2.15");
  CHECK(to_text(0xFFFFFFFF) == "255.255.255.255");
  for (const char* const bad : {"", "10.0.2", "10.0.2.", "10.0.2.15.", "10.0.2.15.1", ".10.0.2",
                                "10.0.2.256", "10.0.2.1000", "10.0.2.-1", "10.0.2.+1", "10.0.2.x",
                                "10..2.15", " 10.0.2.15", "10.0.2.15 "})
    CHECK_FALSE(parse_address(bad));
}

TEST_CASE("the checksum of the Internet, odd octets too") {
  // RFC 1071's own numbers.
  CHECK(internet_checksum(hex("00 01 F2 03 F4 F5 F6 F7")) == static_cast<std::uint16_t>(~0xDDF2));
  CHECK(internet_checksum(hex("01")) == 0xFEFF);
  CHECK(internet_checksum({}) == 0xFFFF);
  CHECK(internet_checksum(echo_request.substr(0, 20)) == 0);
}

TEST_CASE("a packet is read [IP-7]") {
  const auto padded = echo_request + "padding";
  const auto packet = parse_ip(padded);
  REQUIRE(packet);
  CHECK(packet->source == host);
  CHECK(packet->destination == alias);
  CHECK(packet->protocol == 1);
  CHECK(packet->ttl == 64);
  CHECK(packet->may_be_fragmented);
  CHECK_FALSE(packet->is_fragment());
  CHECK(shown(packet->payload) == "08 00 19 27 00 07 00 01 70 69 6E 67");
  CHECK_FALSE(parse_ip(syn)->may_be_fragmented);
}

TEST_CASE("what is no packet is none, wherever it is cut [IP-7]") {
  for (const auto& whole : {echo_request, query, syn})
    for (std::size_t size = 0; size < whole.size(); ++size)
      CHECK_FALSE(parse_ip(std::string_view(whole).substr(0, size)));
  for (std::size_t at = 0; at < 20; ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto broken = echo_request;
      broken[at] = static_cast<char>(static_cast<unsigned char>(broken[at]) ^ (1U << bit));
      CHECK_FALSE(parse_ip(broken));
    }
}

TEST_CASE("fragments know their place [IP-7]") {
  const auto first_octets =
      hex("45 00 00 18 12 34 20 00 40 11 30 91 0A 00 02 0F 0A 00 02 02 01 02 03 04");
  const auto first = parse_ip(first_octets);
  REQUIRE(first);
  CHECK(first->has_more_fragments);
  CHECK(first->fragment_offset == 0);
  CHECK_FALSE(parse_udp(*first));
  const auto later_octets =
      hex("45 00 00 18 12 34 00 B9 40 11 4F D8 0A 00 02 0F 0A 00 02 02 01 02 03 04");
  const auto later = parse_ip(later_octets);
  REQUIRE(later);
  CHECK(later->fragment_offset == 1480);
  CHECK(later->is_fragment());
}

TEST_CASE("a datagram is read, and none where its length lies [IP-8]") {
  const auto packet = parse_ip(query);
  REQUIRE(packet);
  const auto datagram = parse_udp(*packet);
  REQUIRE(datagram);
  CHECK(datagram->source == 0xC001);
  CHECK(datagram->destination == 53);
  CHECK(datagram->data == "abcd");
  for (const char* const length : {"00 07", "00 0D", "FF FF", "00 00"}) {
    auto bytes = query;
    bytes.replace(24, 2, hex(length));
    CHECK_FALSE(parse_udp(*parse_ip(bytes)));
  }
  auto shorter = query;
  shorter.replace(24, 2, hex("00 0A"));
  CHECK(parse_udp(*parse_ip(shorter))->data == "ab");
  CHECK_FALSE(parse_udp(*parse_ip(syn)));
  CHECK_FALSE(parse_tcp(*packet));
}

TEST_CASE("a segment is read, and none where its header leads out of it") {
  const auto segment = parse_tcp(*parse_ip(syn));
  REQUIRE(segment);
  CHECK(segment->source == 0xC002);
  CHECK(segment->destination == 1883);
  CHECK(segment->sequence == 0x01020304);
  CHECK(segment->acknowledged == 0);
  CHECK(segment->flags == 2);
  CHECK(segment->data.empty());
  for (const char* const offset : {"40", "60", "F0", "00"}) {
    auto bytes = syn;
    bytes.replace(32, 1, hex(offset));
    CHECK_FALSE(parse_tcp(*parse_ip(bytes)));
  }
}

TEST_CASE("a datagram of the module, byte by byte [IP-8]") {
  CHECK(shown(make_udp({0x0A000203, 53}, {host, 0xC001}, "abcd")) ==
        "45 00 00 20 00 00 00 00 40 11 62 BC 0A 00 02 03 0A 00 02 0F 00 35 C0 01 00 0C 62 C7 61 62 "
        "63 64");
}

TEST_CASE("a host hears that a packet goes nowhere, byte by byte [IP-7]") {
  const auto message = make_unreachable(*parse_ip(syn), 0x0A000201, Unreachable::net);
  REQUIRE(message);
  CHECK(shown(*message) ==
        "45 00 00 38 00 00 00 00 40 01 62 B6 0A 00 02 01 0A 00 02 0F 03 00 31 9C 00 00 00 00 45 00 "
        "00 28 00 02 40 00 40 06 22 BE 0A 00 02 0F 0A 00 02 02 C0 02 07 5B 01 02 03 04");
  CHECK(make_unreachable(*parse_ip(echo_request), 0x0A000201, Unreachable::host));
}

TEST_CASE("nobody is told about errors, later fragments and more hosts than one [IP-7]") {
  auto packet = *parse_ip(echo_request);
  for (const char* const type : {"03", "04", "05", "0B", "0C"}) {
    const auto payload = hex(type) + "rest of it";
    packet.payload = payload;
    CHECK_FALSE(make_unreachable(packet, 0x0A000201, Unreachable::net));
  }
  packet.payload = {};
  CHECK_FALSE(make_unreachable(packet, 0x0A000201, Unreachable::net));
  auto later = *parse_ip(syn);
  later.fragment_offset = 8;
  CHECK_FALSE(make_unreachable(later, 0x0A000201, Unreachable::net));
  for (const Address special : {0xE0000001U, 0xFFFFFFFFU, 0x7F000001U, 0x00000000U, 0xA9FE0101U}) {
    auto to_many = *parse_ip(syn);
    to_many.destination = special;
    CHECK_FALSE(make_unreachable(to_many, 0x0A000201, Unreachable::net));
    auto from_many = *parse_ip(syn);
    from_many.source = special;
    CHECK_FALSE(make_unreachable(from_many, 0x0A000201, Unreachable::net));
  }
}

TEST_CASE("an echo request gets its reply, byte by byte [IP-12]") {
  const auto reply = make_echo_reply(*parse_ip(echo_request));
  REQUIRE(reply);
  CHECK(shown(*reply) ==
        "45 00 00 20 00 00 00 00 40 01 62 CD 0A 00 02 02 0A 00 02 0F 00 00 21 27 00 07 00 01 70 69 "
        "6E 67");
  CHECK_FALSE(make_echo_reply(*parse_ip(*reply)));
  CHECK_FALSE(make_echo_reply(*parse_ip(query)));
  auto broken = echo_request;
  broken.back() = 'x';
  CHECK_FALSE(make_echo_reply(*parse_ip(broken)));
}

TEST_CASE("what the module makes can be read, with any data") {
  std::mt19937 random(8);
  for (int round = 0; round < 500; ++round) {
    std::string data(random() % 1473, ' ');
    for (auto& byte : data) byte = static_cast<char>(random());
    const Endpoint from{static_cast<Address>(random()), static_cast<std::uint16_t>(random())};
    const Endpoint to{static_cast<Address>(random()), static_cast<std::uint16_t>(random())};
    const auto bytes = make_udp(from, to, data);
    const auto packet = parse_ip(bytes);
    REQUIRE(packet);
    CHECK(packet->source == from.address);
    CHECK(packet->destination == to.address);
    const auto datagram = parse_udp(*packet);
    REQUIRE(datagram);
    CHECK(datagram->source == from.port);
    CHECK(datagram->destination == to.port);
    CHECK(datagram->data == data);
    // The pseudo header and the datagram sum up to nothing.
    const auto summed = bytes.substr(12, 8) + hex("00 11") + bytes.substr(24, 2) + bytes.substr(20);
    CHECK(internet_checksum(summed) == 0);
  }
}

TEST_CASE("a datagram is never sent as if it had no checksum [IP-8]") {
  for (unsigned value = 0; value < 0x10000; ++value) {
    const std::string data{static_cast<char>(value >> 8U), static_cast<char>(value & 0xFFU)};
    const auto bytes = make_udp({0x0A000203, 53}, {host, 0xC001}, data);
    if (bytes[26] == 0 && bytes[27] == 0) FAIL(value);
  }
}
