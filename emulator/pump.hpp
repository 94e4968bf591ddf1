// Real time drives the Timeline, at a scale, and may be paused, advanced by steps, or skipped while
// nothing goes on. Whatever comes from outside goes through run(), which first brings the timeline
// up to now, so that a late wake-up cannot reorder events. While the clock cannot leap it goes at
// its scale: who does not answer times out when he should. Owned by the Emulator; io thread only.
#pragma once

#include "at_engine/timeline.hpp"
#include "emulator/real_time.hpp"
#include "emulator/time_course.hpp"
#include "net/activity.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace emulator {

class Pump {
 public:
  /// Virtual seconds in a real one.
  static constexpr double least_scale = 0.1;
  static constexpr double most_scale = 1000;
  /// Real time without a sign of life from outside before the clock leaps.
  static constexpr std::chrono::milliseconds grace{20};

  Pump(RealTime& real, at::Timeline& timeline, double scale,
       std::shared_ptr<net::Activity> activity = std::make_shared<net::Activity>());

  /// Delivers something from outside at the present moment.
  template <class Action>
  void run(Action&& action) {
    heard_ = catch_up();
    stirs_ = activity_->stirs();
    action();
    arm();
  }

  void stop();

  /// The present moment, which the timeline has not come to before something happens.
  [[nodiscard]] at::Time now() const { return at(real_.now()); }
  [[nodiscard]] double scale() const { return course_.scale(); }
  [[nodiscard]] bool paused() const { return paused_; }
  [[nodiscard]] bool skips() const { return skips_; }
  /// Virtual seconds in a real one as things are: 0 while the clock stands.
  [[nodiscard]] double rate() const { return course_.stands() ? 0 : course_.scale(); }
  [[nodiscard]] const std::shared_ptr<net::Activity>& activity() const { return activity_; }

  void rescale(double scale);
  /// Not while it is advanced.
  void pause(bool paused);
  /// Leaps from timer to timer unless it is paused. Not while it is advanced.
  void skip(bool skips);

  /// How an advance has ended: `late` when its limit came first.
  enum class Ended { done, late };
  using Done = std::function<void(Ended ended)>;

  // While it is paused and not advanced. `done` comes once, never from inside a call, unless it is
  // cancelled.

  void advance_by(at::Duration time, Done done);
  /// Until no timer is left but those that recur, for `limit` at the most.
  void advance_until_idle(at::Duration limit, Done done);
  void cancel_advance();

 private:
  using Moment = RealTime::Moment;

  struct Advance {
    at::Time target;
    bool until_idle;
    Done done;
  };

  [[nodiscard]] bool leaps() const { return advance_ || (skips_ && !paused_); }
  [[nodiscard]] at::Time at(Moment moment) const;
  Moment catch_up();
  void wake();
  void look(Moment now);
  [[nodiscard]] bool quiet(Moment now);
  void leap(Moment now, at::Time then);
  void begin(Advance advance);
  void end_advance(Moment now, Ended ended);
  void arm();
  void arm_leaping();
  void rearm(Moment now);

  RealTime& real_;
  at::Timeline& timeline_;
  std::shared_ptr<net::Activity> activity_;
  TimeCourse course_;
  bool paused_ = false;
  bool skips_ = false;
  std::optional<Advance> advance_;
  Moment heard_;  // the last sign of life from outside, or leap
  std::uint64_t stirs_ = 0;
  std::optional<at::Time> armed_for_;
  std::optional<Moment> rings_at_;  // while it leaps
  bool stopped_ = false;
};

}  // namespace emulator
