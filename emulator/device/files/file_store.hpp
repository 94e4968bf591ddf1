// The seam to where the module's files are kept: whole files by name, and how much room they have.
// Implemented by the program (a directory) and by the tests (memory).
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::device {

/// Size of the file system and of its blocks, in bytes, as an EG800K reports them.
constexpr std::size_t flash_bytes = 286720;
constexpr std::size_t flash_block = 4096;

/// Sizes in bytes by name.
using FileSizes = std::map<std::string, std::size_t, std::less<>>;

/// What a file of the program's own begins with: authorities and keys of a demo broker, which are
/// good for as long as it runs.
constexpr std::string_view offered_mark = "# put here by eg91xq\n";

constexpr bool is_offered(std::string_view content) { return content.starts_with(offered_mark); }

/// Names are those of file_name(): without prefix, safe to be a file's name outside.
class FileStore {
 public:
  virtual ~FileStore() = default;

  [[nodiscard]] virtual const FileSizes& sizes() const = 0;

  /// Nothing when there is no such file or it cannot be read.
  [[nodiscard]] virtual std::optional<std::string> read(const std::string& name) const = 0;

  /// Makes or replaces a file in one step. False when that failed; the old content then stays.
  [[nodiscard]] virtual bool write(const std::string& name, std::string_view content) = 0;

  [[nodiscard]] virtual bool remove(const std::string& name) = 0;
};

// reading: an empty file takes a block as well, which limits the number of files to 70
constexpr std::size_t blocks_of(std::size_t size) {
  return size == 0 ? 1 : (size + flash_block - 1) / flash_block;
}

/// Bytes that are left, in whole blocks.
inline std::size_t free_bytes(const FileSizes& sizes) {
  std::size_t used = 0;
  for (const auto& [name, size] : sizes) used += blocks_of(size) * flash_block;
  return used < flash_bytes ? flash_bytes - used : 0;
}

/// True when `name` may have `size` bytes, in place of what it has now.
inline bool fits(const FileSizes& sizes, std::string_view name, std::size_t size) {
  const auto old = sizes.find(name);
  const auto given_back = old == sizes.end() ? 0 : blocks_of(old->second) * flash_block;
  return blocks_of(size) * flash_block <= free_bytes(sizes) + given_back;
}

}  // namespace emulator::device
