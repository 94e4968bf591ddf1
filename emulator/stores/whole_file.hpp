// Writes a file so that a reader sees the old content or the new, never a part.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

/// Replaces `path`, a regular file or nothing yet, with `content`. Returns what went wrong. The
/// content is collected in `part`, on the same file system, which nobody else may use; without it,
/// beside `path`.
[[nodiscard]] std::optional<std::string> write_whole_file(const std::filesystem::path& path,
                                                          std::string_view content,
                                                          std::filesystem::path part = {},
                                                          unsigned mode = 0644);

}  // namespace emulator
