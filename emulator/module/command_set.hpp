// All commands of the module, as a registry that every channel of every modem shares. Made when it
// is first asked for; lives as long as the program.
#pragma once

#include "at_engine/registry.hpp"
#include "cellular/knobs.hpp"

namespace emulator {

/// The commands that a module with these knobs has.
[[nodiscard]] const at::Registry& command_set(const cellular::Knobs& knobs);

}  // namespace emulator
