// When to stay awake after an event: one that follows soon would wait longer for us to wake up than
// for its answer. Anything may be followed at once; a host that has come back soon some times will
// do so again and is waited for longer. Hosts that take their time, and a crowd that speaks in
// turns (a fleet), find us asleep and leave them the processor. Pure: the time is handed in. Owned
// by the EventLoop.
#pragma once

#include <algorithm>
#include <chrono>

namespace emulator {

class Watchfulness {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// How long we stay awake after any event, unless there is a crowd.
  static constexpr Duration short_watch = std::chrono::microseconds(50);

  /// How long for a host that comes back soon, and what counts as soon.
  static constexpr Duration watch = std::chrono::microseconds(200);

  /// Coming back soon counts one, being late takes away four: a host that the machine has held up
  /// once is not forgotten. From `enough` on the host is waited for.
  static constexpr int enough = 8;
  static constexpr int most = 16;
  static constexpr int late = 4;

  /// So many more speakers than the last two makes a crowd; each that speaks again takes one away.
  static constexpr int crowd = 4;

  /// Something was done: a handler ran.
  void event(Time now) { last_event_ = now; }

  /// A host or a broker, any pointer that stands for it, has said something.
  void heard(const void* who, Time now) {
    const bool strange = who != who_ && who != before_;
    strangers_ = strange ? std::min(strangers_ + 1, 2 * crowd) : std::max(strangers_ - 1, 0);
    if (who != who_) before_ = who_;
    if (who != who_) {
      soon_ = 0;
    } else if (now - since_ <= watch) {
      soon_ = std::min(soon_ + 1, most);
    } else {
      soon_ = std::max(soon_ - late, 0);
    }
    who_ = who;
    since_ = now;
  }

  /// Whether to look for the next event without going to sleep.
  [[nodiscard]] bool awake(Time now) const {
    return (now - last_event_ <= short_watch && strangers_ < crowd) ||
           (soon_ >= enough && now - since_ <= watch);
  }

 private:
  const void* who_ = nullptr;
  const void* before_ = nullptr;
  int strangers_ = 0;
  int soon_ = 0;  // how reliably it comes back soon, up to `most`
  Time since_{};
  Time last_event_{};
};

}  // namespace emulator
