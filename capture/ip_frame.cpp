#include "capture/ip_frame.hpp"

#include <algorithm>
#include <cassert>

namespace capture {
namespace {

constexpr std::size_t v4_header = 20;
constexpr std::size_t v6_header = 40;
constexpr std::size_t v4_check_at = 10;
constexpr std::size_t v4_addresses_at = 12;
constexpr std::size_t v6_addresses_at = 8;
constexpr std::size_t tcp_header = 20;
constexpr std::size_t max_segment_option = 4;
constexpr std::size_t tcp_check_at = 16;
constexpr std::size_t udp_header = 8;
constexpr std::size_t udp_check_at = 6;
constexpr std::uint8_t tcp = 6;
constexpr std::uint8_t udp = 17;
constexpr std::uint8_t hops = 64;

void append_u8(std::string& to, unsigned value) { to += static_cast<char>(value & 0xFFU); }

void append_u16(std::string& to, std::size_t value) {
  append_u8(to, static_cast<unsigned>(value >> 8U));
  append_u8(to, static_cast<unsigned>(value & 0xFFU));
}

void append_u32(std::string& to, std::uint32_t value) {
  append_u16(to, value >> 16U);
  append_u16(to, value & 0xFFFFU);
}

void write_u16(std::string& to, std::size_t at, std::uint16_t value) {
  to[at] = static_cast<char>(value >> 8U);
  to[at + 1] = static_cast<char>(value & 0xFFU);
}

std::size_t header_of(Family family) { return family == Family::v4 ? v4_header : v6_header; }

void append_v4_header(std::string& packet, std::uint8_t protocol, std::size_t payload) {
  constexpr unsigned version_and_words = 0x45;
  constexpr unsigned never_fragmented = 0x4000;
  append_u8(packet, version_and_words);
  append_u8(packet, 0);
  append_u16(packet, v4_header + payload);
  append_u16(packet, 0);  // needs no identification (RFC 6864 4.1)
  append_u16(packet, never_fragmented);
  append_u8(packet, hops);
  append_u8(packet, protocol);
  append_u16(packet, 0);
}

void append_v6_header(std::string& packet, std::uint8_t protocol, std::size_t payload) {
  constexpr std::uint32_t version = 0x60000000;
  append_u32(packet, version);
  append_u16(packet, payload);
  append_u8(packet, protocol);
  append_u8(packet, hops);
}

/// A packet as far as its IP header, with room for the rest.
std::string begin(const Endpoint& from, const Endpoint& to, std::uint8_t protocol,
                  std::size_t payload) {
  assert(from.family() == to.family());
  const bool is_v4 = from.family() == Family::v4;
  std::string packet;
  packet.reserve(header_of(from.family()) + payload);
  is_v4 ? append_v4_header(packet, protocol, payload) : append_v6_header(packet, protocol, payload);
  packet += from.address();
  packet += to.address();
  if (is_v4) write_u16(packet, v4_check_at, internet_checksum(packet));
  append_u16(packet, from.port());
  append_u16(packet, to.port());
  return packet;
}

/// Of a whole packet. The addresses, which are most of the pseudo header, stand right before what
/// it covers, in either family.
std::uint16_t transport_checksum(const std::string& packet, Family family, std::uint8_t protocol) {
  const auto addresses_at = family == Family::v4 ? v4_addresses_at : v6_addresses_at;
  const auto length = packet.size() - header_of(family);
  return internet_checksum(std::string_view(packet).substr(addresses_at),
                           static_cast<std::uint32_t>(protocol + length));
}

}  // namespace

Endpoint Endpoint::v4(const std::array<std::uint8_t, 4>& address, std::uint16_t port) {
  Endpoint endpoint;
  std::copy(address.begin(), address.end(), endpoint.address_.begin());
  endpoint.port_ = port;
  return endpoint;
}

Endpoint Endpoint::v6(const std::array<std::uint8_t, 16>& address, std::uint16_t port) {
  Endpoint endpoint;
  endpoint.address_ = address;
  endpoint.family_ = Family::v6;
  endpoint.port_ = port;
  return endpoint;
}

std::string_view Endpoint::address() const {
  constexpr std::size_t v4_size = 4;
  return {reinterpret_cast<const char*>(address_.data()),
          family_ == Family::v4 ? v4_size : address_.size()};
}

std::string tcp_packet(const Endpoint& from, const Endpoint& to, const TcpSegment& segment) {
  assert(segment.data.size() <= max_tcp_data);
  constexpr unsigned max_segment_kind = 2;
  constexpr std::size_t word = 4;
  const auto header = tcp_header + (segment.max_segment ? max_segment_option : 0);
  auto packet = begin(from, to, tcp, header + segment.data.size());
  append_u32(packet, segment.sequence);
  append_u32(packet, segment.acknowledged);
  append_u8(packet, static_cast<unsigned>(header / word) << 4U);
  append_u8(packet, segment.flags);
  append_u16(packet, segment.window);
  append_u32(packet, 0);  // the checksum to come, nothing urgent
  if (segment.max_segment) {
    append_u8(packet, max_segment_kind);
    append_u8(packet, max_segment_option);
    append_u16(packet, *segment.max_segment);
  }
  packet += segment.data;
  write_u16(packet, header_of(from.family()) + tcp_check_at,
            transport_checksum(packet, from.family(), tcp));
  return packet;
}

std::string udp_packet(const Endpoint& from, const Endpoint& to, std::string_view data) {
  assert(data.size() <= max_udp_data);
  constexpr std::uint16_t all_ones = 0xFFFF;  // zero would say that there is none
  auto packet = begin(from, to, udp, udp_header + data.size());
  append_u16(packet, udp_header + data.size());
  append_u16(packet, 0);
  packet += data;
  const auto check = transport_checksum(packet, from.family(), udp);
  write_u16(packet, header_of(from.family()) + udp_check_at, check == 0 ? all_ones : check);
  return packet;
}

}  // namespace capture
