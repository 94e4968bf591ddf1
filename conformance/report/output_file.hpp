// A file that the user named for what a run finds out. A file is replaced in one step, so that
// nobody reads half of it; what is there and is none (a device, a FIFO) is written through. Owned
// by who writes it.
#pragma once

#include <filesystem>
#include <string_view>

namespace conformance {

class OutputFile {
 public:
  /// Before what it is to tell is known: throws std::runtime_error, in one line, when it could not
  /// be written now. Changes nothing.
  explicit OutputFile(std::filesystem::path file);

  /// Throws std::runtime_error, in one line, when not all of it was written; a file is as before
  /// then. Waits for who reads a FIFO.
  void write(std::string_view content) const;

 private:
  std::filesystem::path file_;
};

}  // namespace conformance
