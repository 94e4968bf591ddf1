// What has to be right in the whole process before anything else happens in it. Used by main.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace emulator {

/// Variables of the environment, name and value.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// Puts /dev/null in place of standard descriptors that are closed, so that no socket becomes
/// standard output, and lets a reader that left, or a limit of file sizes, show as an error of
/// write(). Call before any thread.
void prepare_process();

/// Puts `text` on standard output at once. False: it could not be written.
[[nodiscard]] bool print(const std::string& text);

}  // namespace emulator
