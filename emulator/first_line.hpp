// A secret in a file: its first line. Used by the options of the program and by its client.
#pragma once

#include <optional>
#include <string>

namespace emulator {

/// The first line of a file, without space around it. Nothing when there is none.
[[nodiscard]] std::optional<std::string> first_line(const std::string& path);

}  // namespace emulator
