// `eg91xq fota-package`: makes an update package for AT+QFOTADL (FOTA-1). Called when the first
// argument of the program is "fota-package".
#pragma once

#include "command_line/completion_tree.hpp"

#include <vector>

namespace emulator::fota_package {

constexpr const char* name = "fota-package";

/// `argv[0]` is "fota-package". The exit code: 0 done, 1 the file cannot be written, 2 bad options.
[[nodiscard]] int run(int argc, const char* const* argv);

/// Its options as a shell completes them.
[[nodiscard]] std::vector<command_line::CompletedPlace> completed_places();

}  // namespace emulator::fota_package
