// The frame check sequence of PPP (RFC 1662 C.2, PPP-16): 16 bits, polynomial 8408 reversed, start
// FFFF, sent complemented and low octet first. Free functions for the framing.
#pragma once

#include <cstdint>
#include <string_view>

namespace data_services::ppp {

constexpr std::uint16_t fcs16_start = 0xFFFF;
/// What remains over a whole frame, its own check octets included.
constexpr std::uint16_t fcs16_good = 0xF0B8;

/// `fcs` carried on over `bytes`. What is sent behind a frame is its complement.
[[nodiscard]] std::uint16_t fcs16(std::string_view bytes, std::uint16_t fcs = fcs16_start);

}  // namespace data_services::ppp
