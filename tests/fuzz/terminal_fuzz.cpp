// Any bytes at all on two channels, then CR AT CR: the modem must answer OK on both. The first byte
// of each piece moves virtual time, so that timers take part; with its highest bit set it is that
// alone, and the rest of the piece goes to the second channel.
#include "tests/support/hang_up.hpp"
#include "tests/support/world.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string_view>

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
    if (terminal.is_online()) support::hang_up(world, terminal);
    terminal.channel() = at::Channel{};
    terminal.receive("\r");
    // The line that this ended may have set anything.
    terminal.channel() = at::Channel{};
    world.ports[i].unread.clear();
    terminal.receive("AT\r");
    const auto answered = [&] {
      return world.ports[i].unread.find("\r\nOK\r\n") != std::string::npos;
    };
    // Commands that were typed ahead come first, and each may wait 150 s for its server.
    if (!answered()) world.timeline.run_until(world.timeline.now() + std::chrono::hours(4));
    if (!answered()) std::abort();
  }
  return 0;
}
