// Any text as what the module's flash holds: it boots with it and answers on both channels. Lines
// are settings, NAME VALUE; the last one that begins with ! is a command line before AT&W.
#include "tests/fuzz/pieces.hpp"
#include "tests/support/world.hpp"

#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  support::World world({});
  world.modem.power_on();
  world.timeline.run_until(world.timeline.now() + std::chrono::minutes(1));
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string typed;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto blank = line.find(' ');
    if (line.starts_with('!'))
      typed = line.substr(1);
    else if (blank != std::string_view::npos)
      world.flash.settings[std::string(line.substr(0, blank))] = line.substr(blank + 1);
  }
  // What a host stores is in the same flash.
  world.terminals[0]->receive(typed + "\rAT&W\r");
  // Off, and on again at once.
  world.modem.device().power().hard_reset();
  world.timeline.run_until(world.timeline.now() + std::chrono::minutes(1));
  for (std::size_t i = 0; i < support::World::channel_count; ++i) {
    auto& terminal = *world.terminals[i];
    terminal.host_left(true);
    terminal.channel() = at::Channel{};
    world.ports[i].unread.clear();
    terminal.receive("AT\r");
    fuzz::require(world.ports[i].unread.find("\r\nOK\r\n") != std::string::npos, "it answers",
                  world.ports[i].unread);
  }
  return 0;
}
