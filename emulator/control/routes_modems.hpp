// Routes about which modems there are. Added by Control.
#pragma once

#include "emulator/control/fleet.hpp"
#include "emulator/control/route.hpp"

namespace emulator::control {

/// `fleet` outlives the rows.
[[nodiscard]] Routes modems_routes(const Fleet& fleet);

}  // namespace emulator::control
