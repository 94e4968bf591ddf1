// When to stay awake for a host that has just been answered: one that asks on at once would wait
// longer for us to wake up than for the answer. Who has come back soon a few times will do so
// again; who has not, or speaks in turns with others (hosts, brokers), finds us asleep and leaves
// them the processor. Pure: the time is handed in. Owned by the EventLoop.
#pragma once

#include <algorithm>
#include <chrono>

namespace emulator {

class Watchfulness {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// What counts as coming back soon, and how long we stay awake for it.
  static constexpr Duration watch = std::chrono::microseconds(200);

  /// How often in a row it has come back soon before we stay awake: a host that publishes comes
  /// back a few times between two answers of its broker.
  static constexpr int turns = 16;

  /// A host or a broker, any pointer that stands for it, has said something.
  void heard(const void* who, Time now) {
    soon_ = who == who_ && now - since_ <= watch ? std::min(soon_ + 1, turns) : 0;
    watching_ = soon_ == turns;
    who_ = who;
    since_ = now;
  }

  /// Whether to look for the next event without going to sleep.
  [[nodiscard]] bool awake(Time now) {
    watching_ = watching_ && now - since_ <= watch;
    return watching_;
  }

 private:
  const void* who_ = nullptr;
  int soon_ = 0;  // times that it came back soon, up to `turns`
  bool watching_ = false;
  Time since_{};
};

}  // namespace emulator
