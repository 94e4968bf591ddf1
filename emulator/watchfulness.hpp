// When to stay awake for a host that has just been answered: one that asks on at once would wait
// longer for us to wake up than for the answer. Who has come back soon will do so again; who has
// not, or comes in turns with others, finds us asleep. Pure: the time is handed in. Owned by the
// EventLoop.
#pragma once

#include <chrono>

namespace emulator {

class Watchfulness {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// What counts as coming back soon, and how long we stay awake for it.
  static constexpr Duration watch = std::chrono::microseconds(200);

  /// A host, any pointer that stands for it, has said something.
  void heard(const void* host, Time now) {
    watching_ = host == host_ && now - since_ <= watch;
    host_ = host;
    since_ = now;
  }

  /// Whether to look for the next event without going to sleep.
  [[nodiscard]] bool awake(Time now) {
    watching_ = watching_ && now - since_ <= watch;
    return watching_;
  }

 private:
  const void* host_ = nullptr;
  bool watching_ = false;
  Time since_{};
};

}  // namespace emulator
