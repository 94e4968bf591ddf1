// `eg91xq ctl`: a client of the control interface in the same program (contract CTL-19). Called by
// main when the first argument is "ctl".
#pragma once

#include "command_line/completion_tree.hpp"

#include <vector>

namespace emulator::ctl {

/// `argv[0]` is "ctl". The exit code: 0 done, 1 not as expected, 2 bad usage, no modem, or refused.
[[nodiscard]] int run(int argc, const char* const* argv);

/// Its commands and options as a shell completes them behind `eg91xq ctl`.
[[nodiscard]] std::vector<command_line::CompletedPlace> completed_places();

}  // namespace emulator::ctl
