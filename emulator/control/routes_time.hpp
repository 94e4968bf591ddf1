// The clock that all modems of a program share: its scale, its pause, its leaps (contract CTL-16).
#pragma once

#include "emulator/control/fleet.hpp"

namespace emulator::control {

[[nodiscard]] Routes time_routes(const Fleet& fleet);

}  // namespace emulator::control
