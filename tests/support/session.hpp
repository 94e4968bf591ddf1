// A modem that is on, and hosts at its channels that type and read, in virtual time.
#pragma once

#include "tests/support/world.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace support {

class Session : public World {
 public:
  explicit Session(const emulator::Modem::Settings& settings = {},
                   emulator::Observer* observer = nullptr)
      : World(settings, observer) {}

  /// Switches the module on, lets it register, and takes the echo away.
  void start() {
    modem.power_on();
    pass(std::chrono::minutes(1));
    for (std::size_t channel = 0; channel < channel_count; ++channel) say("ATE0", channel);
  }

  void pass(at::Duration time) { timeline.run_until(timeline.now() + time); }

  /// What the module says to these bytes at once.
  std::string type(std::string_view bytes, std::size_t channel = 0) {
    ports[channel].unread.clear();
    terminals[channel]->receive(bytes);
    settle();
    return std::exchange(ports[channel].unread, {});
  }
  std::string say(std::string_view line, std::size_t channel = 0) {
    return type(std::string(line) + "\r", channel);
  }
};

}  // namespace support
