// The command manual, from the declarations (--describe): Markdown.
#pragma once

#include <string>

#include "at_engine/registry.hpp"

namespace emulator {

std::string describe(const at::Registry& registry);

}  // namespace emulator
