// The endpoints that look at one modem and touch it: state, surroundings, power, URCs (contract
// CTL-5 to CTL-8).
#pragma once

#include "emulator/control/fleet.hpp"

namespace emulator::control {

[[nodiscard]] Routes modem_routes(const Fleet& fleet);

}  // namespace emulator::control
