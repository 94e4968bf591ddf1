// What one more AT channel, the multiplexer and a data call cost a module that has them.
#include "tests/support/mux_host.hpp"
#include "tests/support/ppp_host.hpp"
#include "tests/support/service_bench.hpp"
#include "tests/support/world.hpp"

#include <array>
#include <cstdint>
#include <string>

#include <catch2/catch.hpp>
#include <malloc.h>

using namespace support;

namespace {

/// Bytes that the program holds of the heap; stays 0 under a sanitizer, which has a heap of its
/// own. Less than before is possible: threads of tests that have ended give theirs back late.
std::int64_t held() {
  const auto heap = ::mallinfo2();
  return static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
}

}  // namespace

TEST_CASE("one more AT channel costs less than 8 kB") {
  constexpr std::size_t count = 100;
  constexpr std::int64_t most_bytes = 8 * 1024;
  World world{emulator::Modem::Settings{}};
  world.modem.power_on();
  world.settle();
  std::array<FakePort, count> ports;
  std::array<at::Terminal*, count> terminals{};
  const auto before = held();
  for (std::size_t i = 0; i < count; ++i)
    terminals[i] = &world.modem.add_channel("usb" + std::to_string(i), ports[i]);
  const auto idle = (held() - before) / static_cast<std::int64_t>(count);
  CAPTURE(idle);
  CHECK(idle < most_bytes);
  if (before > 0) CHECK(idle > 0);
}

TEST_CASE("the multiplexer with four DLCIs in use costs less than 64 KiB") {
  constexpr std::int64_t most_bytes = std::int64_t{64} * 1024;
  ServiceBench bench("ATE0\r");
  const auto before = held();
  bench.type("AT+CMUX=0\r");
  CHECK(bench.said() == "\r\nOK\r\n");
  bench.type(hex("F9 03 3F 01 1C F9 F9 07 3F 01 DE F9 F9 0B 3F 01 59 F9"));
  bench.type(hex("F9 0F 3F 01 9B F9 F9 13 3F 01 96 F9"));
  for (int dlci = 1; dlci <= 4; ++dlci) bench.type(MuxHost::frame(dlci, "AT+CSQ\r"));
  MuxHost host;
  host.hear(bench.said());
  for (int dlci = 1; dlci <= 4; ++dlci)
    CHECK(host.said(dlci).find("\r\nOK\r\n") != std::string::npos);
  // What the test itself has kept by now stands in it too.
  const auto in_use = held() - before;
  CAPTURE(in_use);
  CHECK(in_use < most_bytes);
}

TEST_CASE("a data call without a network behind it costs less than 256 KiB") {
  constexpr std::int64_t most_bytes = std::int64_t{256} * 1024;
  ServiceBench bench("ATE0\r");
  PppHost host([&](const std::string& bytes) { bench.world.terminals[0]->receive(bytes); });
  const auto before = held();
  bench.type("ATD*99#\r");
  bench.said();
  host.begin();
  for (auto heard = bench.said(); !heard.empty(); heard = bench.said()) host.hear(heard);
  REQUIRE(host.is_up());
  const auto in_use = held() - before;
  CAPTURE(in_use);
  CHECK(in_use < most_bytes);
}
