// The endpoint that takes a modem at rest down, and makes one as it was (contract CTL-15).
#pragma once

#include "emulator/control/fleet.hpp"

namespace emulator::control {

[[nodiscard]] Routes snapshot_routes(const Fleet& fleet);

}  // namespace emulator::control
