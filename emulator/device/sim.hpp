// The SIM card: present, without PIN (manual 5.1, 5.3, 5.7). Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"

#include <array>

namespace emulator::device {

class Sim {
 public:
  static const std::array<at::Command<Sim>, 3>& commands();

  /// CFUN=0 takes the SIM's power away.
  void power(bool on) { powered_ = on; }
  [[nodiscard]] bool ready() const { return powered_; }

 private:
  at::Outcome pin_state();
  at::Outcome enter_pin(const at::Args& args);
  at::Outcome imsi();
  at::Outcome iccid();

  bool powered_ = false;
};

}  // namespace emulator::device
