// Virtual time: a deterministic queue of timers. It is the only "now" of the core; nothing here
// reads an operating-system clock. The owner (the pump, or a test) moves it forward.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

namespace at {

/// A clock type without now(): only a Timeline knows the time.
struct VirtualClock {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<VirtualClock>;
  static constexpr bool is_steady = true;
};
using Duration = VirtualClock::duration;
using Time = VirtualClock::time_point;

/// Names one timer; 0 is never given out.
using TimerId = std::uint64_t;

/// One that renews itself (keep-alive) never comes to an end; neither does the patience of an
/// onlooker belong to what the module has to do.
enum class TimerKind { once, recurring };

class Timeline {
 public:
  using Action = std::function<void()>;

  [[nodiscard]] Time now() const { return now_; }

  /// Runs `action` once, `delay` from now (a negative delay counts as zero). Actions with the same
  /// deadline run in the order in which they were added.
  TimerId after(Duration delay, Action action, TimerKind kind = TimerKind::once);

  /// Forgets a timer; one that has fired or never was is ignored.
  void cancel(TimerId id);

  /// The deadline of the earliest timer, if there is any.
  [[nodiscard]] std::optional<Time> next() const;

  /// Most actions that may run at one instant: a timer without delay that renews itself would never
  /// let the time pass.
  static constexpr std::size_t max_at_once = 10'000'000;

  /// Runs everything due up to and including `until`, then stands at `until`. Moving backwards
  /// does nothing.
  void run_until(Time until);

  [[nodiscard]] std::size_t pending() const { return queue_.size(); }
  /// Whether nothing is left to come but what recurs.
  [[nodiscard]] bool idle() const { return queue_.size() == recurring_; }

 private:
  using Key = std::pair<Time, TimerId>;
  struct Pending {
    Time deadline;
    TimerKind kind;
  };
  using Deadlines = std::unordered_map<TimerId, Pending>;

  void forget(Deadlines::iterator pending);

  std::map<Key, Action> queue_;
  Deadlines deadlines_;
  std::size_t recurring_ = 0;
  Time now_{};
  TimerId last_id_ = 0;
};

/// One timer that can be started again; stops itself when it goes out of scope.
class Timer {
 public:
  explicit Timer(Timeline& timeline) : timeline_(timeline) {}
  ~Timer() { stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void start(Duration delay, Timeline::Action action, TimerKind kind = TimerKind::once);
  void stop();
  [[nodiscard]] bool running() const { return id_ != 0; }

 private:
  Timeline& timeline_;
  TimerId id_ = 0;
};

}  // namespace at
