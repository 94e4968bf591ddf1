// Takes a channel back from a multiplexer or a call that something has begun on it.
#pragma once

#include "tests/support/world.hpp"

#include <chrono>
#include <string>

namespace support {

/// Leaves a multiplexer by closing it down (27.010 5.4.6.3.3), behind as many flags as a frame may
/// still want; and a call by "+++" and ATH.
inline void hang_up(World& world, at::Terminal& terminal) {
  constexpr std::size_t longest_frame = 32768 + 8;
  const auto rest = [&] {
    world.timeline.run_until(world.timeline.now() + std::chrono::milliseconds(1100));
  };
  terminal.receive(std::string(longest_frame, '\xf9'));
  terminal.receive("\xf9\x03\xef\x05\xc3\x01\xf2\xf9");
  rest();
  terminal.receive("+++");
  rest();
  terminal.receive("\rATH\r");
}

/// Takes the first channel back from whatever it is in by now, of a module that may be off, too.
inline void come_back(World& world) {
  auto& terminal = *world.terminals[0];
  const auto pass = [&](at::Duration time) {
    world.timeline.run_until(world.timeline.now() + time);
  };
  terminal.host_left(true);
  terminal.channel() = at::Channel{};
  if (terminal.is_online()) hang_up(world, terminal);
  terminal.receive("\r");
  pass(std::chrono::minutes(4));
  world.modem.power_on();
  pass(std::chrono::minutes(1));
  terminal.channel() = at::Channel{};
  terminal.channel().echo = false;
}

}  // namespace support
