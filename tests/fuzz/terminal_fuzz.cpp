// Any bytes at all on two channels, then CR AT CR: the modem must answer OK on both. The first byte
// of each piece moves virtual time, so that timers take part; with its highest bit set it is that
// alone, and the rest of the piece goes to the second channel.
#include "tests/support/world.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

/// Leaves a multiplexer by closing it down (27.010 5.4.6.3.3), behind as many flags as a frame may
/// still want; and a call by "+++" and ATH.
void hang_up(support::World& world, at::Terminal& terminal) {
  constexpr std::size_t longest_frame = 32768 + 8;
  terminal.receive(std::string(longest_frame, '\xf9'));
  terminal.receive("\xf9\x03\xef\x05\xc3\x01\xf2\xf9");
  const auto wait = [&] {
    world.timeline.run_until(world.timeline.now() + std::chrono::milliseconds(1100));
  };
  wait();
  terminal.receive("+++");
  wait();
  terminal.receive("\rATH\r");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t piece = 32;
  support::World world({});
  world.modem.power_on();
  std::string_view input(reinterpret_cast<const char*>(data), size);
  while (!input.empty()) {
    auto part = input.substr(0, piece);
    const auto first = static_cast<unsigned char>(part.front());
    const bool second_channel = (first & 0x80U) != 0;
    if (second_channel) part.remove_prefix(1);
    world.timeline.run_until(world.timeline.now() + std::chrono::milliseconds(first));
    world.terminals[second_channel ? 1 : 0]->receive(part);
    input.remove_prefix(std::min(piece, input.size()));
  }
  // What is under way ends, a power-down too.
  world.timeline.run_until(world.timeline.now() + std::chrono::minutes(4));
  world.modem.power_on();
  world.timeline.run_until(world.timeline.now() + std::chrono::minutes(1));
  for (std::size_t i = 0; i < support::World::channel_count; ++i) {
    auto& terminal = *world.terminals[i];
    terminal.host_left(true);  // a prompt may wait for hours
    terminal.channel() = at::Channel{};
    if (terminal.is_online()) hang_up(world, terminal);
    terminal.channel() = at::Channel{};
    terminal.receive("\r");
    // The line that this ended may have set anything.
    terminal.channel() = at::Channel{};
    world.ports[i].unread.clear();
    terminal.receive("AT\r");
    if (world.ports[i].unread.find("\r\nOK\r\n") == std::string::npos) std::abort();
  }
  return 0;
}
