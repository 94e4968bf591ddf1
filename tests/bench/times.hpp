// What a bench makes of many times, and how it tells them: lines of a name and a number, which
// scripts/figures reads.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace bench {

using Clock = std::chrono::steady_clock;

inline double us_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

class Times {
 public:
  void add(double time) {
    times_.push_back(time);
    last_ = time;
    is_sorted_ = false;
  }
  [[nodiscard]] std::size_t count() const { return times_.size(); }
  [[nodiscard]] double last() const { return last_; }
  /// 0.5 is the median; 0 without any.
  [[nodiscard]] double at(double share) {
    if (times_.empty()) return 0;
    if (!std::exchange(is_sorted_, true)) std::sort(times_.begin(), times_.end());
    return times_[static_cast<std::size_t>(share * static_cast<double>(times_.size() - 1))];
  }
  [[nodiscard]] double median() { return at(0.5); }
  [[nodiscard]] std::size_t above(double limit) const {
    return static_cast<std::size_t>(
        std::count_if(times_.begin(), times_.end(), [limit](double time) { return time > limit; }));
  }

 private:
  std::vector<double> times_;
  double last_ = 0;
  bool is_sorted_ = false;
};

inline void tell(std::string_view name, double value) { fmt::print("{} {:.4g}\n", name, value); }

/// 1 after a line on standard error when `run` throws.
inline int run_bench(std::string_view name, const std::function<void()>& run) {
  try {
    run();
    return 0;
  } catch (const std::exception& problem) {
    fmt::print(stderr, "{}: {}\n", name, problem.what());
    return 1;
  }
}

}  // namespace bench
