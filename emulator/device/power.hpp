// Power and function level: boot, +CFUN, +QPOWD (manual 2.21, 10.1). Says what happened; the Modem
// does what follows for terminals and clients. Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "emulator/device/network.hpp"
#include "emulator/device/sim.hpp"
#include "mqtt_backend/latency.hpp"

#include <array>
#include <functional>
#include <string>

namespace emulator::device {

class Power {
 public:
  struct Hooks {
    std::function<void()> off;                    // everything of the module ends
    std::function<void()> on;                     // everything starts afresh
    std::function<void(std::string)> last_words;  // said whatever the host is just doing
  };

  Power(at::Timeline& timeline, at::Announce& announce, mqtt_backend::Latency& latency, Sim& sim,
        Network& network, Hooks hooks);

  static const std::array<at::Command<Power>, 2>& commands();

  /// Switches on, if it is off: settings from flash, boot URCs, registration.
  void on();
  [[nodiscard]] bool is_on() const { return on_; }

 private:
  at::Outcome function_level();
  at::Outcome set_function_level(const at::Args& args);
  at::Outcome power_down(const at::Args& args);

  void apply(int level);
  void off();
  void restart();

  at::Announce& announce_;
  mqtt_backend::Latency& latency_;
  Sim& sim_;
  Network& network_;
  Hooks hooks_;
  at::Timer power_timer_;  // of a power-down or restart
  at::Timer radio_timer_;  // of a change of the function level
  bool on_ = false;
  int level_ = 0;  // <fun>: 0 minimum, 1 full, 4 radio off
};

}  // namespace emulator::device
