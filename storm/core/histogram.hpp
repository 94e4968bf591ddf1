// How long things took, in constant memory: a log-linear histogram as HdrHistogram's. Every octave
// has so many buckets that a figure is exact to significant_figures decimal figures, wherever it
// is. Owned by the Tally.
#pragma once

#include "storm/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace storm {

class Histogram {
 public:
  static constexpr int significant_figures = 3;

  /// Longer ones (19 hours) are counted as this long; max() tells the truth even then.
  static constexpr Time longest{std::int64_t{1} << 36};

  /// A time below zero counts as zero.
  void record(Time time);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Time max() const { return max_; }

  /// What a share of all (0 to 1) did not exceed; never more than max(). Zero without any.
  [[nodiscard]] Time quantile(double share) const;

 private:
  std::vector<std::uint64_t> counts_;  // as long as the highest bucket in use makes it
  std::uint64_t count_ = 0;
  Time max_{};
};

}  // namespace storm
