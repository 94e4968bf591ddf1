// The endpoint of one MQTT client of a modem: what comes as though its broker had sent it (contract
// CTL-17).
#pragma once

#include "emulator/control/fleet.hpp"

namespace emulator::control {

[[nodiscard]] Routes client_routes(const Fleet& fleet);

}  // namespace emulator::control
