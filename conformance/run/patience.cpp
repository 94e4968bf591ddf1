#include "conformance/run/patience.hpp"

#include <algorithm>

namespace conformance {

Clock::duration Patience::of(const Wait& wait) const {
  const auto found = records_.find(wait.what);
  const int needed = wait.judged ? misses_before_cut : unjudged_misses_before_cut;
  if (!quick_ || found == records_.end() || found->second.misses < needed) return wait.whole;
  return std::min(wait.whole,
                  std::max<Clock::duration>({wait.whole / 100, found->second.longest * 2, least}));
}

void Patience::met(const Wait& wait, Clock::duration took) {
  if (wait.what.empty()) return;
  auto& record = records_[wait.what];
  record.longest = std::max(record.longest, took);
}

void Patience::missed(const Wait& wait) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  if (wait.what.empty()) return;
  const auto waited = of(wait);
  auto& record = records_[wait.what];
  if (waited == wait.whole) {
    ++record.misses;
    return;
  }
  record.cut.what = wait.what;
  record.cut.whole = duration_cast<microseconds>(wait.whole);
  record.cut.waited = duration_cast<microseconds>(waited);
  ++record.cut.times;
}

std::vector<CutWait> Patience::cut() const {
  std::vector<CutWait> all;
  for (const auto& [what, record] : records_)
    if (record.cut.times > 0) all.push_back(record.cut);
  return all;
}

}  // namespace conformance
