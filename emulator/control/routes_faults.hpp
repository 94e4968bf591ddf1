// The endpoints of faults: the types that there are, and those that are set (contract CTL-9 to
// CTL-11).
#pragma once

#include "emulator/control/fleet.hpp"

namespace emulator::control {

[[nodiscard]] Routes fault_routes(const Fleet& fleet);

}  // namespace emulator::control
