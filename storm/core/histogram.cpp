#include "storm/core/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace storm {
namespace {

// The least power of two with 10^significant_figures in its upper half.
constexpr unsigned sub_bits = 11;
constexpr std::uint64_t sub_count = std::uint64_t{1} << sub_bits;
constexpr std::uint64_t half_count = sub_count / 2;
static_assert(Histogram::significant_figures == 3 && half_count >= 1000);

/// Buckets are 1 us wide below sub_count, then twice as wide in each octave.
std::size_t index_of(std::uint64_t value) {
  if (value < sub_count) return value;
  const auto shift = static_cast<std::uint64_t>(std::bit_width(value)) - sub_bits;
  return sub_count + (shift - 1) * half_count + ((value >> shift) - half_count);
}

/// The greatest value of a bucket.
std::uint64_t end_of(std::size_t index) {
  if (index < sub_count) return index;
  const auto shift = (index - sub_count) / half_count + 1;
  const auto sub = (index - sub_count) % half_count + half_count;
  return ((sub + 1) << shift) - 1;
}

}  // namespace

void Histogram::record(Time time) {
  const Time taken = std::max(time, Time::zero());
  max_ = std::max(max_, taken);
  const auto index = index_of(static_cast<std::uint64_t>(std::min(taken, longest).count()));
  if (index >= counts_.size()) counts_.resize(index + 1);
  ++counts_[index];
  ++count_;
}

Time Histogram::quantile(double share) const {
  if (count_ == 0) return Time::zero();
  constexpr double rounding = 1e-9;  // 0.999 of 1000 is the 999th
  const auto wanted =
      static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_) * (1 - rounding)));
  const auto rank = std::clamp<std::uint64_t>(wanted, 1, count_);
  std::size_t index = 0;
  for (auto seen = counts_[0]; seen < rank; seen += counts_[index]) ++index;
  return std::min(Time(static_cast<Time::rep>(end_of(index))), max_);
}

}  // namespace storm
