// Raw IPv4 and IPv6 packets around a TCP segment or a UDP datagram, all checksums in place (RFC
// 791, 8200, 9293, 768 and 1071). Nothing is ever fragmented. Free functions for whoever tells what
// has passed on a network.
#pragma once

#include "codec/internet_checksum.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace capture {

enum class Family : std::uint8_t { v4, v6 };

/// An address and a port.
class Endpoint {
 public:
  [[nodiscard]] static Endpoint v4(const std::array<std::uint8_t, 4>& address, std::uint16_t port);
  [[nodiscard]] static Endpoint v6(const std::array<std::uint8_t, 16>& address, std::uint16_t port);

  [[nodiscard]] Family family() const { return family_; }
  /// In network order, 4 or 16 bytes.
  [[nodiscard]] std::string_view address() const;
  [[nodiscard]] std::uint16_t port() const { return port_; }

  friend bool operator==(const Endpoint&, const Endpoint&) = default;

 private:
  Endpoint() = default;

  std::array<std::uint8_t, 16> address_{};
  Family family_ = Family::v4;
  std::uint16_t port_ = 0;
};

/// The flags of a segment.
namespace tcp_flag {
constexpr std::uint8_t fin = 0x01;
constexpr std::uint8_t syn = 0x02;
constexpr std::uint8_t rst = 0x04;
constexpr std::uint8_t psh = 0x08;
constexpr std::uint8_t ack = 0x10;
}  // namespace tcp_flag

struct TcpSegment {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;
  std::optional<std::uint16_t> max_segment{};  // the option, for a SYN
  std::string_view data{};
};

/// Most data for either family, with every option.
constexpr std::size_t max_tcp_data = 65'535 - 20 - 24;
constexpr std::size_t max_udp_data = 65'535 - 20 - 8;

/// A packet from one end to the other. Both are of one family: an IPv4 address that an IPv6 socket
/// shows as ::ffff:a.b.c.d is given as the v4 that it is. No more data than max_tcp_data.
[[nodiscard]] std::string tcp_packet(const Endpoint& from, const Endpoint& to,
                                     const TcpSegment& segment);

/// The same for a datagram, of no more than max_udp_data.
[[nodiscard]] std::string udp_packet(const Endpoint& from, const Endpoint& to,
                                     std::string_view data);

using codec::internet_checksum;

}  // namespace capture
