// How long to wait before the next attempt: twice as long each time up to a limit, and of that a
// random part, so that hosts which lost their broker together do not come back together. Owned by
// the Host.
#pragma once

#include "storm/core/dice.hpp"
#include "storm/core/plan.hpp"

#include <algorithm>

namespace storm {

class Backoff {
 public:
  explicit Backoff(BackoffLimits limits) : limits_(limits), next_(limits.first) {}

  /// Between a half and the whole of first, 2 * first, 4 * first, ... but never more than most.
  [[nodiscard]] Time wait(Dice& dice) {
    const Time whole = std::min(next_, limits_.most);
    next_ = std::min(whole * 2, limits_.most);
    return whole / 2 + dice.below(whole - whole / 2);
  }

  /// It went well: the next wait is a first one.
  void reset() { next_ = limits_.first; }

 private:
  BackoffLimits limits_;
  Time next_;
};

}  // namespace storm
