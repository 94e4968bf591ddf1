// The form that packets of LCP, IPCP, PAP and CHAP share: code, identifier, length, data (RFC 1661
// section 5). Free functions for those protocols.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace data_services::ppp {

/// The protocol field of a frame.
namespace protocol {
constexpr std::uint16_t ip = 0x0021;
constexpr std::uint16_t ipcp = 0x8021;
constexpr std::uint16_t lcp = 0xC021;
constexpr std::uint16_t pap = 0xC023;
constexpr std::uint16_t chap = 0xC223;
}  // namespace protocol

/// Codes of LCP; IPCP has the first seven.
namespace code {
constexpr std::uint8_t configure_request = 1;
constexpr std::uint8_t configure_ack = 2;
constexpr std::uint8_t configure_nak = 3;
constexpr std::uint8_t configure_reject = 4;
constexpr std::uint8_t terminate_request = 5;
constexpr std::uint8_t terminate_ack = 6;
constexpr std::uint8_t code_reject = 7;
constexpr std::uint8_t protocol_reject = 8;
constexpr std::uint8_t echo_request = 9;
constexpr std::uint8_t echo_reply = 10;
constexpr std::uint8_t discard_request = 11;
}  // namespace code

struct ControlPacket {
  /// Octets before the data.
  static constexpr std::size_t header = 4;

  std::uint8_t code = 0;
  std::uint8_t id = 0;
  std::string_view data{};
};

/// Nothing where the length is not that of a packet; what is beyond the length is padding.
[[nodiscard]] std::optional<ControlPacket> parse_control(std::string_view packet);

[[nodiscard]] std::string make_control(const ControlPacket& packet);

}  // namespace data_services::ppp
