// Routes about the program as a whole: health and OpenAPI. Added by Control.
#pragma once

#include "emulator/control/fleet.hpp"
#include "emulator/control/route.hpp"
#include "emulator/control/route_table.hpp"

#include <string>

namespace emulator::control {

/// `fleet` and `table`, which is described, outlive the rows.
[[nodiscard]] Routes program_routes(const Fleet& fleet, const RouteTable& table,
                                    const std::string& version);

}  // namespace emulator::control
