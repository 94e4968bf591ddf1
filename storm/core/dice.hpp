// The chance in what a host does: small, as there is one for each modem, and the same again for the
// same seed. Owned by the Host.
#pragma once

#include "storm/core/time.hpp"

#include <cstdint>
#include <random>

namespace storm {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed + 1) { random_.discard(warm_up); }

  /// 0 to, but not, `limit`; 0 when that is not positive.
  [[nodiscard]] Time below(Time limit) {
    if (limit <= Time::zero()) return Time::zero();
    return Time(std::uniform_int_distribution<Time::rep>(0, limit.count() - 1)(random_));
  }

 private:
  // The first numbers of seeds that are neighbours are near each other.
  static constexpr unsigned warm_up = 8;

  std::minstd_rand random_;
};

}  // namespace storm
