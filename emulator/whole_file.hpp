// Writes a file so that a reader sees the old content or the new, never a part.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

/// Replaces `path` with `content`. Returns what went wrong.
[[nodiscard]] std::optional<std::string> write_whole_file(const std::filesystem::path& path,
                                                          std::string_view content);

}  // namespace emulator
