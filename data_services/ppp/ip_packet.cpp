#include "data_services/ppp/ip_packet.hpp"

#include "codec/internet_checksum.hpp"
#include "data_services/ppp/octets.hpp"

#include <algorithm>

namespace data_services::ppp {
namespace {

constexpr std::size_t udp_header = 8;
constexpr std::size_t icmp_header = 8;
constexpr std::size_t least_tcp_header = 20;
constexpr std::size_t checksum_in_ip = 10;
constexpr std::size_t checksum_in_udp = 6;
constexpr std::size_t checksum_in_icmp = 2;
constexpr std::uint8_t usual_ttl = 64;

constexpr std::uint8_t icmp_echo_reply = 0;
constexpr std::uint8_t icmp_unreachable = 3;
constexpr std::uint8_t icmp_echo_request = 8;

/// Of the messages that ask or answer; all others are errors, or may be.
bool is_icmp_query(std::uint8_t type) {
  constexpr std::uint8_t first_of_pairs = 13;
  constexpr std::uint8_t last_of_pairs = 18;
  return type == icmp_echo_reply || type == icmp_echo_request ||
         (type >= first_of_pairs && type <= last_of_pairs);
}

std::string ip_header(std::uint8_t protocol, Address source, Address destination,
                      std::size_t payload) {
  constexpr unsigned version_and_header = 0x45;
  std::string header;
  append_u8(header, version_and_header);
  append_u8(header, 0);
  append_u16(header, static_cast<unsigned>(IpPacket::least_header + payload));
  append_u32(header, 0);  // never fragmented, so it needs no identification
  append_u8(header, usual_ttl);
  append_u8(header, protocol);
  append_u16(header, 0);
  append_u32(header, source);
  append_u32(header, destination);
  write_u16(header, checksum_in_ip, internet_checksum(header));
  return header;
}

}  // namespace

std::uint16_t internet_checksum(std::string_view octets, std::uint32_t start) {
  return codec::internet_checksum(octets, start);
}

std::optional<IpPacket> parse_ip(std::string_view octets) {
  if (octets.size() < IpPacket::least_header) return std::nullopt;
  const auto first = read_u8(octets, 0);
  const std::size_t header = (first & 0xFU) * std::size_t{4};
  const std::size_t length = read_u16(octets, 2);
  if (first >> 4U != 4 || header < IpPacket::least_header) return std::nullopt;
  if (length < header || length > octets.size()) return std::nullopt;
  IpPacket packet;
  packet.header = octets.substr(0, header);
  packet.payload = octets.substr(header, length - header);
  if (internet_checksum(packet.header) != 0) return std::nullopt;
  const auto fragment = read_u16(octets, 6);
  packet.may_be_fragmented = (fragment & 0x4000U) == 0;
  packet.has_more_fragments = (fragment & 0x2000U) != 0;
  packet.fragment_offset = static_cast<std::uint16_t>((fragment & 0x1FFFU) * 8U);
  packet.ttl = read_u8(octets, 8);
  packet.protocol = read_u8(octets, 9);
  packet.source = read_u32(octets, 12);
  packet.destination = read_u32(octets, 16);
  return packet;
}

std::optional<UdpDatagram> parse_udp(const IpPacket& packet) {
  if (packet.protocol != ip_protocol::udp || packet.is_fragment()) return std::nullopt;
  if (packet.payload.size() < udp_header) return std::nullopt;
  const std::size_t length = read_u16(packet.payload, 4);
  if (length < udp_header || length > packet.payload.size()) return std::nullopt;
  return UdpDatagram{read_u16(packet.payload, 0), read_u16(packet.payload, 2),
                     packet.payload.substr(udp_header, length - udp_header)};
}

std::optional<TcpSegment> parse_tcp(const IpPacket& packet) {
  if (packet.protocol != ip_protocol::tcp || packet.is_fragment()) return std::nullopt;
  if (packet.payload.size() < least_tcp_header) return std::nullopt;
  const std::size_t header = (read_u8(packet.payload, 12) >> 4U) * std::size_t{4};
  if (header < least_tcp_header || header > packet.payload.size()) return std::nullopt;
  return TcpSegment{read_u16(packet.payload, 0), read_u16(packet.payload, 2),
                    read_u32(packet.payload, 4), read_u32(packet.payload, 8),
                    read_u8(packet.payload, 13), packet.payload.substr(header)};
}

std::string make_udp(const Endpoint& from, const Endpoint& to, std::string_view data) {
  const auto length = udp_header + data.size();
  std::string datagram;
  append_u16(datagram, from.port);
  append_u16(datagram, to.port);
  append_u16(datagram, static_cast<unsigned>(length));
  append_u16(datagram, 0);
  datagram += data;
  std::string pseudo_header;
  append_u32(pseudo_header, from.address);
  append_u32(pseudo_header, to.address);
  append_u16(pseudo_header, ip_protocol::udp);
  append_u16(pseudo_header, static_cast<unsigned>(length));
  const auto start = static_cast<std::uint16_t>(~internet_checksum(pseudo_header));
  const auto checksum = internet_checksum(datagram, start);
  write_u16(datagram, checksum_in_udp, checksum == 0 ? 0xFFFFU : checksum);
  return ip_header(ip_protocol::udp, from.address, to.address, length) + datagram;
}

std::optional<std::string> make_unreachable(const IpPacket& packet, Address from, Unreachable why) {
  const bool is_error = packet.protocol == ip_protocol::icmp &&
                        (packet.payload.empty() || !is_icmp_query(read_u8(packet.payload, 0)));
  if (is_error || packet.fragment_offset != 0) return std::nullopt;
  if (is_special(packet.source) || is_special(packet.destination)) return std::nullopt;
  constexpr std::size_t quoted = 8;
  std::string message;
  append_u8(message, icmp_unreachable);
  append_u8(message, static_cast<unsigned>(why));
  append_u16(message, 0);
  append_u32(message, 0);
  message += packet.header;
  message += packet.payload.substr(0, quoted);
  write_u16(message, checksum_in_icmp, internet_checksum(message));
  return ip_header(ip_protocol::icmp, from, packet.source, message.size()) + message;
}

std::optional<std::string> make_echo_reply(const IpPacket& packet) {
  if (packet.protocol != ip_protocol::icmp || packet.is_fragment()) return std::nullopt;
  if (packet.payload.size() < icmp_header) return std::nullopt;
  if (read_u8(packet.payload, 0) != icmp_echo_request) return std::nullopt;
  if (internet_checksum(packet.payload) != 0) return std::nullopt;
  std::string message(packet.payload);
  message[0] = static_cast<char>(icmp_echo_reply);
  write_u16(message, checksum_in_icmp, 0);
  write_u16(message, checksum_in_icmp, internet_checksum(message));
  return ip_header(ip_protocol::icmp, packet.destination, packet.source, message.size()) + message;
}

bool is_special(Address address) {
  constexpr Address loopback = 127;
  constexpr Address link_local = 0xA9FE;
  constexpr Address multicast = 224;
  const auto first = address >> 24U;
  return first == 0 || first == loopback || first >= multicast || address >> 16U == link_local;
}

}  // namespace data_services::ppp
