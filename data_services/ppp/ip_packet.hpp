// IPv4 packets as they pass: views that never read beyond them, and the few packets that the module
// makes itself (RFC 791, 768, 792; IP-7, IP-8, IP-12). Free functions for the filter and the call.
#pragma once

#include "data_services/ppp/address.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace data_services::ppp {

/// The protocol field of an IPv4 packet.
namespace ip_protocol {
constexpr std::uint8_t icmp = 1;
constexpr std::uint8_t tcp = 6;
constexpr std::uint8_t udp = 17;
}  // namespace ip_protocol

/// One packet; the views lie in the octets it was read from.
struct IpPacket {
  static constexpr std::size_t least_header = 20;

  std::string_view header{};   // with its options
  std::string_view payload{};  // up to the packet's own length
  std::uint8_t protocol = 0;
  std::uint8_t ttl = 0;
  Address source = 0;
  Address destination = 0;
  bool may_be_fragmented = true;
  bool has_more_fragments = false;
  std::uint16_t fragment_offset = 0;  // in octets

  [[nodiscard]] bool is_fragment() const { return has_more_fragments || fragment_offset != 0; }
};

/// Nothing unless version, lengths and header checksum are those of an IPv4 packet. What is behind
/// its length is padding.
[[nodiscard]] std::optional<IpPacket> parse_ip(std::string_view octets);

struct UdpDatagram {
  std::uint16_t source = 0;
  std::uint16_t destination = 0;
  std::string_view data{};
};
/// Nothing for another protocol, a fragment, or lengths that cannot be. The checksum is not looked
/// at.
[[nodiscard]] std::optional<UdpDatagram> parse_udp(const IpPacket& packet);

struct TcpSegment {
  std::uint16_t source = 0;
  std::uint16_t destination = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  std::uint8_t flags = 0;  // FIN 1, SYN 2, RST 4, PSH 8, ACK 10 hex
  std::string_view data{};
};
[[nodiscard]] std::optional<TcpSegment> parse_tcp(const IpPacket& packet);

/// The Internet checksum (RFC 1071), as it stands in a packet; zero over what has a right one.
[[nodiscard]] std::uint16_t internet_checksum(std::string_view octets, std::uint32_t start = 0);

struct Endpoint {
  Address address = 0;
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// A UDP datagram in a packet, both with their checksums.
/// @param data at most 1472 octets fit an MTU of 1500
[[nodiscard]] std::string make_udp(const Endpoint& from, const Endpoint& to, std::string_view data);

/// Why a packet does not arrive; the code of an ICMP message of type 3.
enum class Unreachable : std::uint8_t { net = 0, host = 1, protocol = 2, port = 3 };

/// Tells the sender of `packet` so; nothing where RFC 1122 3.2.2 forbids it: about an ICMP error, a
/// later fragment, or a packet to or from more than one host.
[[nodiscard]] std::optional<std::string> make_unreachable(const IpPacket& packet, Address from,
                                                          Unreachable why);

/// The reply to an ICMP echo request; nothing for anything else.
[[nodiscard]] std::optional<std::string> make_echo_reply(const IpPacket& packet);

/// 0/8, 127/8, 169.254/16, 224/4 and above: no single host of a network.
[[nodiscard]] bool is_special(Address address);

}  // namespace data_services::ppp
