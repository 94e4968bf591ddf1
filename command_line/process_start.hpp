// What has to be right in the whole process before anything else happens in it, and how it says
// something on standard output. Used by main of every program.
#pragma once

#include <string>

namespace command_line {

/// Puts /dev/null in place of standard descriptors that are closed, so that no socket becomes
/// standard output, and lets a reader that left, or a limit of file sizes, show as an error of
/// write(). Call before any thread.
void prepare_process();

/// Puts `text` on standard output at once. False: it could not be written.
[[nodiscard]] bool print(const std::string& text);

}  // namespace command_line
