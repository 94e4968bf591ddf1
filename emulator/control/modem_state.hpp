// Everything that a person would ask of a modem, as one JSON document (contract CTL-5).
#pragma once

#include "emulator/control/fleet.hpp"

#include <nlohmann/json.hpp>

namespace emulator::control {

[[nodiscard]] nlohmann::json state_of(ControlledModem& modem);

/// Of the clock that all modems share.
[[nodiscard]] nlohmann::json time_of(const Pump& pump);

}  // namespace emulator::control
