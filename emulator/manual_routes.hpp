// The command manual over the control interface: GET /v1/commands. Added by the Emulator, which
// knows the module's commands.
#pragma once

#include "at_engine/registry.hpp"
#include "emulator/control/route.hpp"

namespace emulator {

/// `registry` must live as long.
[[nodiscard]] control::Routes manual_routes(const at::Registry& registry);

}  // namespace emulator
