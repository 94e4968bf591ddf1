// The file of --lint: there from the start on, so that what cannot be written is known at once, and
// complete at the end. Written as a whole; what is no regular file (a FIFO, a terminal) gets it at
// the end only. 0600. Owned by the Emulator; any thread may add to it.
#pragma once

#include "emulator/line_file.hpp"
#include "emulator/lint/sarif.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace emulator {

class LintFile {
 public:
  /// Before anything is added. Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> open(const std::string& path,
                                                lint::SarifLog::About about);

  void add(lint::SarifLog::Result result) {
    const std::lock_guard lock(mutex_);
    if (log_) log_->add(std::move(result));
  }

  /// The run is over, `complete` unless something went wrong inside. Returns what went wrong here,
  /// in one line.
  [[nodiscard]] std::optional<std::string> finish(bool complete);

 private:
  [[nodiscard]] std::optional<std::string> write(bool complete) const;

  std::mutex mutex_;
  std::string path_;
  std::optional<lint::SarifLog> log_;
  bool whole_ = true;
  LineFile through_;  // open when it is no regular file
};

}  // namespace emulator
