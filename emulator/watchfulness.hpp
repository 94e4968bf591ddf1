// When to stay awake for a host that has just been answered: one that asks on at once would wait
// longer for us to wake up than for the answer. Staying awake is free while the same host comes
// back in time; beyond that it takes a small share of the processor at most. Pure: the time is
// handed in. Owned by the EventLoop.
#pragma once

#include <algorithm>
#include <chrono>

namespace emulator {

class Watchfulness {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// How long to stay awake.
  static constexpr Duration watch = std::chrono::microseconds(50);
  /// Of the time that passes, one part in so many may be spent in vain.
  static constexpr int share = 20;
  /// What may be spent in vain at a stretch.
  static constexpr Duration most_credit = std::chrono::milliseconds(5);

  /// A host, any pointer that stands for it, has said something.
  void heard(const void* host, Time now) {
    earn(now);
    if (watching_ && host != host_) pay(now);
    host_ = host;
    since_ = now;
    watching_ = credit_ > Duration::zero();
  }

  /// Whether to look for the next event without going to sleep.
  [[nodiscard]] bool awake(Time now) {
    if (watching_ && now - since_ > watch) pay(now);
    return watching_;
  }

 private:
  void earn(Time now) {
    credit_ = std::min(most_credit, credit_ + (now - earned_at_) / share);
    earned_at_ = now;
  }
  void pay(Time now) {
    credit_ -= now - since_;
    watching_ = false;
  }

  const void* host_ = nullptr;
  bool watching_ = false;
  Time since_{};
  Duration credit_ = most_credit;
  Time earned_at_{};
};

}  // namespace emulator
