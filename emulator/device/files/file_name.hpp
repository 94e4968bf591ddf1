// What a file in the module's flash may be called: "UFS:x" and "x" are one file, and there are no
// folders (FILE note of the sibling modules, 2.1). Pure; no owner.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emulator::device {

constexpr std::string_view storage_prefix = "UFS:";
/// Longest name in bytes, the prefix included.
constexpr std::size_t max_file_name = 80;

/// The name without prefix and without blanks around it; nothing when no file can be called so:
/// empty, too long, "." or "..", other storages, wildcards, anything but printable ASCII.
std::optional<std::string> file_name(std::string_view typed);

}  // namespace emulator::device
