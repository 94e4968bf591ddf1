// A file that lines are appended to, as they come, while nobody waits for the disk or for the
// reader of a FIFO. When it cannot be written any more, that is said once, and it ends. 0600. Owned
// by what has the lines; any thread may append.
#pragma once

#include "emulator/background_writer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace emulator {

class LineFile {
 public:
  /// Bytes that may wait for the disk.
  static constexpr std::size_t queue_limit = std::size_t{16} * 1024 * 1024;
  /// How late a line may be on the disk.
  static constexpr std::chrono::milliseconds gather{20};
  /// How long the end waits for it.
  static constexpr std::chrono::milliseconds patience{2000};

  LineFile() = default;
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  ~LineFile() { flush(); }

  /// Blocks are of use only without gaps: the file ends when it takes too little. A line may be
  /// lost, and one that was cut off by who wrote before is ended.
  enum class Content { lines, blocks };

  /// Appends to the file at `path` from now on; `name` says what it is ("trace"). Returns what went
  /// wrong, in one line.
  [[nodiscard]] std::optional<std::string> open(const std::string& path, const std::string& name,
                                                Content content = Content::lines);

  /// `lines` with their ends. Does nothing while no file is open. The answer: how many lines the
  /// file has with them, those that still wait too; nothing when that is not known: it had some
  /// already, is no regular file, or has lost some.
  std::optional<std::uint64_t> append(std::string lines);

  /// Waits up to `patience` until all is written.
  void flush();

  /// Open, and not ended by a failure.
  [[nodiscard]] bool active() const { return writer_ && !writer_->ended(); }

 private:
  std::unique_ptr<BackgroundWriter> writer_;
  bool counts_ = false;
  std::mutex mutex_;  // of what follows, and of the order of lines
  std::uint64_t lines_ = 0;
};

}  // namespace emulator
