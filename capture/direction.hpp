// Which way something went, as the module sees it: on its line and on its network alike. In a
// pcapng file (draft-ietf-opsawg-pcapng 4.3.1, epb_flags) what it sent is outbound, what it
// received inbound. A value for everything in this room.
#pragma once

#include <cstdint>

namespace capture {

enum class Direction : std::uint8_t { sent, received };

[[nodiscard]] constexpr Direction opposite(Direction direction) {
  return direction == Direction::sent ? Direction::received : Direction::sent;
}

}  // namespace capture
