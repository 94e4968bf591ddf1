// An option that takes a real number within bounds. CLI::Range lets "nan" pass. Free function for
// the programs' declarations.
#pragma once

#include <CLI/CLI.hpp>

namespace command_line {

/// As CLI::Range, for numbers that can be compared.
[[nodiscard]] CLI::Validator real_range(double low, double high);

}  // namespace command_line
