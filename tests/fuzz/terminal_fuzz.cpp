// Any bytes at all, then CR AT CR: the modem must answer OK. The first byte of each piece moves
// virtual time, so that timers take part.
#include "tests/support/world.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t piece = 32;
  constexpr std::size_t longest_payload = 1500;
  support::World world({});
  world.modem.power_on();
  std::string_view input(reinterpret_cast<const char*>(data), size);
  while (!input.empty()) {
    const auto pause = std::chrono::milliseconds(static_cast<unsigned char>(input.front()));
    world.timeline.run_until(world.timeline.now() + pause);
    world.terminals[0]->receive(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
  }
  world.modem.power_on();
  world.timeline.run_until(world.timeline.now() + std::chrono::minutes(4));
  world.terminals[0]->receive("\r");
  world.terminals[0]->receive(std::string(longest_payload, '\r'));
  world.terminals[0]->channel() = at::Channel{};
  world.terminals[0]->receive("\r");
  world.ports[0].unread.clear();
  world.terminals[0]->receive("AT\r");
  if (world.ports[0].unread.find("\r\nOK\r\n") == std::string::npos) std::abort();
  return 0;
}
