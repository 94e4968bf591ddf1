// Text for a descriptor that may be slow, stuck or full, such as a standard error that nobody
// reads: who writes never waits, a thread of its own does. Past a limit the oldest text is lost,
// and told of in one line once the descriptor takes bytes again. Owned by the log and by files of
// lines; any thread may write.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace emulator {

class BackgroundWriter {
 public:
  /// Bytes that may wait; one text longer than that is lost itself.
  static constexpr std::size_t queue_limit = std::size_t{256} * 1024;

  struct Target {
    int descriptor;
    /// What tells of a loss is "NAME: N lines lost: READER took no more".
    std::string name = "log";
    std::string reader = "standard error";
    std::size_t limit = queue_limit;
    /// How long text is gathered before it is written, so that a busy writer wakes the thread
    /// seldom.
    std::chrono::milliseconds gather{0};
    /// Called by the writing thread, with what is wrong, when the descriptor takes nothing: then
    /// nothing more is written. Without it every further text is tried.
    std::function<void(const std::string& why)> failed{};
    /// What cannot do without a part ends instead of losing one; `failed` is told.
    bool ends_when_full = false;
  };

  /// The descriptor stays the caller's and must outlive the process's last write.
  explicit BackgroundWriter(int descriptor) : BackgroundWriter(Target{descriptor}) {}
  explicit BackgroundWriter(Target target) : state_(std::make_shared<State>(std::move(target))) {}
  /// Does not wait for what still is to be written.
  ~BackgroundWriter();
  BackgroundWriter(const BackgroundWriter&) = delete;
  BackgroundWriter& operator=(const BackgroundWriter&) = delete;

  /// Takes whole lines.
  void write(std::string text);

  /// Waits until everything is written. False when that takes longer than `limit`.
  bool flush(std::chrono::milliseconds limit);

  /// Nothing more is written: the target failed.
  [[nodiscard]] bool ended() const;

  /// Texts that were lost, in all.
  [[nodiscard]] std::uint64_t lost() const;

 private:
  // The thread may be stuck for ever, and then outlives this object.
  struct State {
    explicit State(Target to) : target(std::move(to)) {}
    Target target;
    std::mutex mutex;
    std::condition_variable changed;
    std::condition_variable hurry;  // while text is gathered
    std::deque<std::string> queue;
    std::size_t queued = 0;  // bytes
    std::uint64_t lost = 0;
    std::uint64_t told = 0;  // of `lost`
    bool running = false;
    bool busy = false;
    bool ending = false;
    bool flushing = false;
    bool gathering = false;
    bool ended = false;

    [[nodiscard]] std::string take();
    void drop_queue();
  };

  static void work(const std::shared_ptr<State>& state);
  static bool idle(const State& state);

  std::shared_ptr<State> state_;
};

}  // namespace emulator
