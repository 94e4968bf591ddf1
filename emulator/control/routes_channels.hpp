// The endpoints of a modem's channels: typing on one, its modem lines, and channels of one's own
// (contract CTL-22).
#pragma once

#include "emulator/control/fleet.hpp"

namespace emulator::control {

[[nodiscard]] Routes channel_routes(const Fleet& fleet);

}  // namespace emulator::control
