// Raw IP packets, byte by byte, and their checksums.
#include "capture/ip_frame.hpp"

#include "tests/support/hex.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace capture;
using support::hex;
using support::shown;

namespace {

constexpr std::uint16_t own_port = 0xC001;
constexpr std::uint16_t dns = 53;
constexpr std::uint16_t mqtt = 1883;

Endpoint v4(std::uint8_t last, std::uint16_t port) { return Endpoint::v4({10, 0, 0, last}, port); }

Endpoint v6(std::uint8_t last, std::uint16_t port) {
  return Endpoint::v6({0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}, port);
}

const std::string v6_addresses =
    "20 01 0D B8 00 00 00 00 00 00 00 00 00 00 00 02 "
    "20 01 0D B8 00 00 00 00 00 00 00 00 00 00 00 01 ";

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, ' ');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

}  // namespace

TEST_CASE("the Internet checksum, of odd octets too") {
  // RFC 1071's own numbers.
  CHECK(internet_checksum(hex("00 01 F2 03 F4 F5 F6 F7")) == static_cast<std::uint16_t>(~0xDDF2));
  CHECK(internet_checksum(hex("01")) == 0xFEFF);
  CHECK(internet_checksum({}) == 0xFFFF);
  CHECK(internet_checksum({}, 0x1FFFE) == 0);
  CHECK(internet_checksum(std::string(65'535, '\xFF')) == 0x00FF);
}

TEST_CASE("an endpoint has the bytes it was made of") {
  CHECK(shown(v4(2, dns).address()) == "0A 00 00 02");
  CHECK(v4(2, dns).family() == Family::v4);
  CHECK(v4(2, dns).port() == dns);
  CHECK(shown(v6(2, dns).address()) == "20 01 0D B8 00 00 00 00 00 00 00 00 00 00 00 02");
  CHECK(v6(2, dns).family() == Family::v6);
  CHECK(v4(2, dns) == v4(2, dns));
  CHECK_FALSE(v4(2, dns) == v4(2, mqtt));
  CHECK_FALSE(Endpoint::v4({}, dns) == Endpoint::v6({}, dns));
}

TEST_CASE("a SYN over IPv4") {
  // 4500+002C+0000+4000+4006+0A00+0002+0A00+0001 = D935: the header's check is 26CA.
  CHECK(shown(tcp_packet(
            v4(2, own_port), v4(1, mqtt),
            {.sequence = 0x10000000, .flags = 0x02, .window = 0xFFFF, .max_segment = 0x4000})) ==
        "45 00 00 2C 00 00 40 00 40 06 26 CA 0A 00 00 02 0A 00 00 01 "
        "C0 01 07 5B 10 00 00 00 00 00 00 00 60 02 FF FF 72 7B 00 00 02 04 40 00");
}

TEST_CASE("a segment of odd length over IPv4") {
  CHECK(shown(tcp_packet(v4(2, own_port), v4(1, mqtt),
                         {.sequence = 0x10000001,
                          .acknowledged = 0x20000001,
                          .flags = 0x18,
                          .window = 0xFFFF,
                          .data = "abc"})) ==
        "45 00 00 2B 00 00 40 00 40 06 26 CB 0A 00 00 02 0A 00 00 01 "
        "C0 01 07 5B 10 00 00 01 20 00 00 01 50 18 FF FF E0 05 00 00 61 62 63");
}

TEST_CASE("segments over IPv6") {
  CHECK(shown(tcp_packet(
            v6(2, own_port), v6(1, mqtt),
            {.sequence = 0x10000000, .flags = 0x02, .window = 0xFFFF, .max_segment = 0x4000})) ==
        "60 00 00 00 00 18 06 40 " + v6_addresses +
            "C0 01 07 5B 10 00 00 00 00 00 00 00 60 02 FF FF 2B 09 00 00 02 04 40 00");
  CHECK(shown(tcp_packet(v6(2, own_port), v6(1, mqtt),
                         {.sequence = 0x10000001,
                          .acknowledged = 0x20000001,
                          .flags = 0x18,
                          .window = 0xFFFF,
                          .data = "abc"})) ==
        "60 00 00 00 00 17 06 40 " + v6_addresses +
            "C0 01 07 5B 10 00 00 01 20 00 00 01 50 18 FF FF 98 93 00 00 61 62 63");
}

TEST_CASE("datagrams over IPv4: even, odd and empty") {
  const auto packet = [](std::string_view data) {
    return shown(udp_packet(v4(2, own_port), v4(1, dns), data));
  };
  CHECK(packet("abcd") ==
        "45 00 00 20 00 00 40 00 40 11 26 CB 0A 00 00 02 0A 00 00 01 "
        "C0 01 00 35 00 0C 66 D6 61 62 63 64");
  CHECK(packet("abc") ==
        "45 00 00 1F 00 00 40 00 40 11 26 CC 0A 00 00 02 0A 00 00 01 "
        "C0 01 00 35 00 0B 67 3C 61 62 63");
  // 0A00+0002+0A00+0001+0011+0008 + C001+0035+0008 = D45A: the check is 2BA5.
  CHECK(packet("") ==
        "45 00 00 1C 00 00 40 00 40 11 26 CF 0A 00 00 02 0A 00 00 01 "
        "C0 01 00 35 00 08 2B A5");
}

TEST_CASE("datagrams over IPv6: even, odd and empty") {
  const auto packet = [](std::string_view data) {
    return shown(udp_packet(v6(2, own_port), v6(1, dns), data));
  };
  CHECK(packet("abcd") ==
        "60 00 00 00 00 0C 11 40 " + v6_addresses + "C0 01 00 35 00 0C 1F 64 61 62 63 64");
  CHECK(packet("abc") ==
        "60 00 00 00 00 0B 11 40 " + v6_addresses + "C0 01 00 35 00 0B 1F CA 61 62 63");
  CHECK(packet("") == "60 00 00 00 00 08 11 40 " + v6_addresses + "C0 01 00 35 00 08 E4 32");
}

TEST_CASE("a checksum of zero is told as FFFF") {
  // 2BA5 of the empty datagram, less 2 for each of the two places where the length stands.
  CHECK(shown(udp_packet(v4(2, own_port), v4(1, dns), hex("2B A1"))) ==
        "45 00 00 1E 00 00 40 00 40 11 26 CD 0A 00 00 02 0A 00 00 01 "
        "C0 01 00 35 00 0A FF FF 2B A1");
  CHECK(shown(udp_packet(v6(2, own_port), v6(1, dns), hex("E4 2E"))) ==
        "60 00 00 00 00 0A 11 40 " + v6_addresses + "C0 01 00 35 00 0A FF FF E4 2E");
}

TEST_CASE("the checksums of any packet sum up to nothing") {
  std::mt19937 random(4);
  for (int round = 0; round < 300; ++round) {
    const auto data = random_bytes(random, random() % 2000);
    const auto port = static_cast<std::uint16_t>(random());
    const auto tcp4 = tcp_packet(v4(7, port), v4(9, mqtt),
                                 {.sequence = static_cast<std::uint32_t>(random()), .data = data});
    const auto udp6 = udp_packet(v6(7, port), v6(9, dns), data);
    CHECK(internet_checksum(std::string_view(tcp4).substr(0, 20)) == 0);
    CHECK(internet_checksum(std::string_view(tcp4).substr(12),
                            static_cast<std::uint32_t>(6 + tcp4.size() - 20)) == 0);
    CHECK(internet_checksum(std::string_view(udp6).substr(8),
                            static_cast<std::uint32_t>(17 + udp6.size() - 40)) == 0);
    CHECK(tcp4.substr(40) == data);
    CHECK(udp6.substr(48) == data);
  }
}

TEST_CASE("the largest packets have lengths that fit") {
  const auto segment = tcp_packet(v4(2, own_port), v4(1, mqtt),
                                  {.max_segment = 1, .data = std::string(max_tcp_data, 'x')});
  CHECK(segment.size() == 65'535);
  CHECK(shown(segment.substr(2, 2)) == "FF FF");
  const std::string data(max_udp_data, 'x');
  const auto datagram = udp_packet(v4(2, own_port), v4(1, dns), data);
  CHECK(datagram.size() == 65'535);
  CHECK(shown(datagram.substr(2, 2)) == "FF FF");
  CHECK(shown(udp_packet(v6(2, own_port), v6(1, dns), data).substr(4, 2)) == "FF EB");
}
