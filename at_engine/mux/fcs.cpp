#include "at_engine/mux/fcs.hpp"

#include <array>
#include <cstddef>

namespace at::mux {

namespace {

constexpr std::uint8_t polynomial = 0xE0;

constexpr auto table = [] {
  std::array<std::uint8_t, 256> made{};
  for (unsigned byte = 0; byte < made.size(); ++byte) {
    unsigned rest = byte;
    for (int bit = 0; bit < 8; ++bit)
      rest = (rest & 1U) != 0 ? (rest >> 1U) ^ polynomial : rest >> 1U;
    made[byte] = static_cast<std::uint8_t>(rest);
  }
  return made;
}();

}  // namespace

std::uint8_t fcs_with(std::uint8_t running, std::string_view bytes) {
  for (const char byte : bytes)
    running = table[static_cast<std::size_t>(running ^ static_cast<std::uint8_t>(byte))];
  return running;
}

}  // namespace at::mux
