// The reference of faults, from their tables (--describe-faults): Markdown.
#pragma once

#include <string>

namespace emulator::faults {

[[nodiscard]] std::string describe();

}  // namespace emulator::faults
