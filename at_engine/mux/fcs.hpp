// The check byte of a multiplexer frame (MUX-12, 27.010 5.2.1.6): a CRC of eight bits, polynomial
// E0 reversed, that begins with FF and is sent complemented. Owned by nobody.
#pragma once

#include <cstdint>
#include <string_view>

namespace at::mux {

/// What the check is of nothing yet; before it is complemented.
constexpr std::uint8_t fcs_start = 0xFF;

/// The running check with `bytes` taken in.
[[nodiscard]] std::uint8_t fcs_with(std::uint8_t running, std::string_view bytes);

/// The check byte as it stands in a frame, of all the bytes that it covers.
[[nodiscard]] inline std::uint8_t fcs(std::string_view bytes) {
  return static_cast<std::uint8_t>(~fcs_with(fcs_start, bytes));
}

}  // namespace at::mux
