// How virtual time goes with real time: at a scale, or not at all, and never back. Pure: the real
// time is handed in. Owned by the Pump.
#pragma once

#include "at_engine/timeline.hpp"

#include <chrono>
#include <optional>

namespace emulator {

class TimeCourse {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// Virtual time begins at `start`; `scale` virtual seconds are a real one.
  TimeCourse(Moment start, double scale) : since_(start), scale_(scale) {}

  [[nodiscard]] double scale() const { return scale_; }
  [[nodiscard]] bool stands() const { return stands_; }

  /// Virtual time at the real time `now`.
  [[nodiscard]] at::Time at(Moment now) const;
  /// When it is to be `then`, as things are now; nothing if it never will.
  [[nodiscard]] std::optional<Moment> when(at::Time then) const;

  // From `now` on it goes on from `then`:

  /// as it did,
  void leap(Moment now, at::Time then);
  /// at another scale,
  void rescale(Moment now, at::Time then, double scale);
  /// or not at all, until go().
  void stand(Moment now, at::Time then);
  void go(Moment now);

 private:
  Moment since_;
  at::Time from_{};
  double scale_;
  bool stands_ = false;
};

}  // namespace emulator
