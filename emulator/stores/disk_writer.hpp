// Writes what is to last behind the back of who stores it, as a flash controller does: a change is
// taken at once, and a thread of its own puts it on the disk, in order. A disk that fails keeps its
// changes waiting and is tried again. Shared by the stores of one modem.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

class DiskWriter {
 public:
  /// Bytes of content that may wait for the disk.
  static constexpr std::size_t queue_limit = std::size_t{4} * 1024 * 1024;
  /// A disk that has failed is tried again after this.
  static constexpr std::chrono::milliseconds retry_interval{500};
  /// How long the end of the program waits for the disk.
  static constexpr std::chrono::milliseconds patience{1000};

  /// A change that may not be on the disk yet.
  struct Change {
    std::filesystem::path path;
    std::filesystem::path part;          // where the content is collected first
    std::optional<std::string> content;  // nothing: the file is removed
  };

  DiskWriter() : state_(std::make_shared<State>()) {}
  /// Waits for the disk as flush() does.
  ~DiskWriter();
  DiskWriter(const DiskWriter&) = delete;
  DiskWriter& operator=(const DiskWriter&) = delete;

  /// Never waits. False when the disk is known to fail or to be stuck; nothing is changed then.
  [[nodiscard]] bool take(Change change);

  /// The last change of `path` that is not on the disk yet.
  [[nodiscard]] std::optional<Change> waiting(const std::filesystem::path& path) const;

  /// Waits until everything is on the disk, at most `patience`. False: something is not.
  bool flush();

 private:
  // The thread may be stuck for ever, and then outlives this object.
  struct State {
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::deque<Change> queue;  // the first one is at work
    std::size_t queued = 0;    // bytes
    bool running = false;
    bool failing = false;
    bool ending = false;
  };

  static void work(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

}  // namespace emulator
