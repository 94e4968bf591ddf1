// The record of every byte to and from the host (`--trace FILE`), one readable line a chunk:
//   2024-05-01T12:00:00.123Z uart1 > "AT\r"
// Contents of files are written as length and checksum only. It never disturbs the emulation: it
// waits for no disk, and when the file cannot be written any more, it ends with a warning. Owned by
// the Emulator.
#pragma once

#include "emulator/capture_file.hpp"
#include "emulator/line_file.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

class Trace {
 public:
  enum class Direction { from_host, to_host };

  /// Appends to the file at `path` from now on. Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> open(const std::string& path) {
    return file_.open(path, "trace");
  }

  /// `capture` is shown the same; it outlives this.
  void show(CaptureFile& capture) { capture_ = &capture; }

  /// Adds one line. Does nothing while no file is open.
  void record(std::string_view channel, Direction direction, std::string_view bytes);

  /// Likewise, without the bytes themselves.
  void record_file(std::string_view channel, Direction direction, std::string_view content);

  [[nodiscard]] bool active() const { return file_.active() || capture_ != nullptr; }
  /// Waits a while until the file has all that was recorded.
  void flush() { file_.flush(); }

 private:
  void write(std::string_view channel, Direction direction, const std::string& what);

  LineFile file_;
  CaptureFile* capture_ = nullptr;
};

/// `bytes` in quotes, with \r, \n, \\, \" and \xNN for what is not printable ASCII.
[[nodiscard]] std::string quoted(std::string_view bytes);

}  // namespace emulator
