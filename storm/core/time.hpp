// The only time of the core: how long the run has lasted when something happens. Whoever calls
// hands it in; nothing here reads a clock.
#pragma once

#include <chrono>

namespace storm {

/// Since the run began; also a span of it.
using Time = std::chrono::microseconds;

[[nodiscard]] constexpr double seconds(Time time) {
  return std::chrono::duration<double>(time).count();
}

[[nodiscard]] constexpr Time from_seconds(double value) {
  return Time(static_cast<Time::rep>(value * 1e6));
}

}  // namespace storm
