// The endpoints of what is around a modem, now and later: its surroundings, and the scenario that
// changes them (contract CTL-6).
#pragma once

#include "emulator/control/fleet.hpp"

namespace emulator::control {

[[nodiscard]] Routes surroundings_routes(const Fleet& fleet);

}  // namespace emulator::control
