// What a packet of the link type user0 holds: who speaks, '>' the host or '<' the module, and then
// the bytes as they passed on the line. No standard: examples/wireshark has the dissector for it.
// A free function for whoever watches a line.
#pragma once

#include "capture/direction.hpp"

#include <string>
#include <string_view>

namespace capture {

[[nodiscard]] inline std::string at_record(Direction direction, std::string_view bytes) {
  std::string record;
  record.reserve(bytes.size() + 1);
  record += direction == Direction::received ? '>' : '<';
  record += bytes;
  return record;
}

}  // namespace capture
