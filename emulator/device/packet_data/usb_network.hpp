// AT+QNETDEVCTL and +QNETDEVSTATUS: the module as a network device on USB (manual 9.15). Known and
// refused: there is no USB here, and a host that heard OK would wait for an interface that never
// comes. Owned by the Device.
#pragma once

#include "at_engine/command.hpp"

#include <array>

namespace emulator::device {

class UsbNetwork {
 public:
  static const std::array<at::Command<UsbNetwork>, 2>& commands();

 private:
  at::Outcome refuse() { return at::Outcome::error(); }
  at::Outcome refuse_write(const at::Args&) { return at::Outcome::error(); }
};

}  // namespace emulator::device
