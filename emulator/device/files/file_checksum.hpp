// The checksum that +QFUPL and +QFDWL report: 16-bit words, big-endian, joined by exclusive or.
#pragma once

#include <cstdint>
#include <string_view>

namespace emulator::device {

/// A last odd byte counts as the high byte of a word.
constexpr std::uint16_t file_checksum(std::string_view content) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < content.size(); ++i)
    sum ^= static_cast<unsigned>(static_cast<unsigned char>(content[i])) << (i % 2 == 0 ? 8 : 0);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace emulator::device
