// The endpoints of the journal: pages of it, streams, and what somebody expects to find there
// (contract CTL-12 to CTL-14).
#pragma once

#include "emulator/control/fleet.hpp"

namespace emulator::control {

[[nodiscard]] Routes journal_routes(const Fleet& fleet);

}  // namespace emulator::control
