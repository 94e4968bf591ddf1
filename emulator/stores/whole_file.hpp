// Writes a file so that a reader sees the old content or the new, never a part.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

struct WholeFile {
  /// Where the content is collected, on the same file system and used by nobody else; empty: beside
  /// the file.
  std::filesystem::path part{};
  /// The content outlasts a loss of power when the call returns.
  bool durable = false;
  /// As far as the umask lets them; else the file is its owner's only (0600).
  bool for_everybody = false;
};

/// Replaces `path`, a regular file, a link to one, or nothing yet, with `content`. Returns what
/// went wrong; the old content then stays.
[[nodiscard]] std::optional<std::string> write_whole_file(const std::filesystem::path& path,
                                                          std::string_view content,
                                                          const WholeFile& how = {});

}  // namespace emulator
