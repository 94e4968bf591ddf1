// When to stay awake after an event: one that follows soon would wait longer for us to wake up than
// for its answer. Anything may be followed at once, but in a crowd; hosts that came soon after each
// other some times will do so again and are waited for longer, one that comes back like a fleet
// that is asked in turn. Hosts that take their time, or wait for a peer, find us asleep and have
// the processor. Pure: the time is handed in. Owned by the EventLoop.
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

  /// How long for hosts that come soon after each other, and what counts as soon.
  static constexpr Duration watch = std::chrono::microseconds(200);

  /// Coming soon counts one, being late takes away four: hosts that the machine has held up once
  /// are not forgotten. From `enough` on the next one is waited for.
  static constexpr int enough = 8;
  static constexpr int most = 16;
  static constexpr int late = 4;

  /// So many more speakers than the last two makes a crowd; each that speaks again takes one away.
  static constexpr int crowd = 4;

  enum class Speaker { host, peer };

  /// Something was done: a handler ran.
  void event(Time now) { last_event_ = now; }

  /// A host, or what a host waits for (a broker), has said something; any pointer stands for it.
  void heard(const void* who, Speaker speaker, Time now) {
    const bool strange = who != who_ && who != before_;
    strangers_ = strange ? std::min(strangers_ + 1, 2 * crowd) : std::max(strangers_ - 1, 0);
    if (who != who_) before_ = who_;
    who_ = who;
    if (speaker == Speaker::peer)
      soon_ = 0;
    else
      soon_ = now - since_ <= watch ? std::min(soon_ + 1, most) : std::max(soon_ - late, 0);
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
  int soon_ = 0;  // how reliably the next one comes soon, up to `most`
  Time since_{};
  Time last_event_{};
};

}  // namespace emulator
