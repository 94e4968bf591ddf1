// The command manual, from the declarations (--describe): Markdown.
#pragma once

#include "at_engine/registry.hpp"

#include <string>

namespace emulator {

std::string describe(const at::Registry& registry);

}  // namespace emulator
