// What one more AT channel costs a module that has it.
#include "tests/support/world.hpp"

#include <array>
#include <string>

#include <catch2/catch.hpp>
#include <malloc.h>

using namespace support;

namespace {

/// Bytes that the program holds of the heap; stays 0 under a sanitizer, which has a heap of its
/// own.
std::size_t held() {
  const auto heap = ::mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

}  // namespace

TEST_CASE("one more AT channel costs less than 8 kB") {
  constexpr std::size_t count = 100;
  constexpr std::size_t most_bytes = 8 * 1024;
  World world{emulator::Modem::Settings{}};
  world.modem.power_on();
  world.settle();
  std::array<FakePort, count> ports;
  std::array<at::Terminal*, count> terminals{};
  const auto before = held();
  for (std::size_t i = 0; i < count; ++i)
    terminals[i] = &world.modem.add_channel("usb" + std::to_string(i), ports[i]);
  const auto idle = (held() - before) / count;
  CAPTURE(idle);
  CHECK(idle < most_bytes);
  if (before > 0) CHECK(idle > 0);
}
