// The command line of eg91xq-storm.
#pragma once

#include "storm/fleet.hpp"

#include <string>
#include <variant>

namespace storm {

constexpr int exit_well = 0;
constexpr int exit_trouble = 1;
constexpr int exit_usage = 2;

struct Options {
  Fleet::Settings fleet;
  std::string json;  // where the report goes; empty: nowhere, "-": standard output
};

/// What to say instead of running; for exit code 0 on standard output.
struct EarlyExit {
  int code = exit_well;
  std::string text;
};

/// Reads the ready file, too.
[[nodiscard]] std::variant<Options, EarlyExit> parse_options(int argc, char** argv);

}  // namespace storm
