// Reads files that the program is given: a regular file as a whole, or one line that says why not.
// Nothing is waited for, whatever stands at the path. Used by the stores and the options.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace emulator {

struct RegularFile {
  std::optional<std::string> content;
  /// Why there is no content, without the file's name.
  std::string wrong;
  /// Nothing is there.
  bool absent = false;
  /// There is more of it than the limit.
  bool too_large = false;
};

enum class Links { followed, refused };

/// At most `limit` bytes. A link that leads nowhere is something that cannot be read.
[[nodiscard]] RegularFile read_regular_file(const std::filesystem::path& path, std::size_t limit,
                                            Links links = Links::followed);

/// Why a file that has to be there cannot be read, without its name; nothing when it can.
[[nodiscard]] std::optional<std::string> unreadable(const std::filesystem::path& path);

}  // namespace emulator
