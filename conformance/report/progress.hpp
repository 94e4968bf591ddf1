// How far a run is, and how long it will still take: on a terminal one line that is written over,
// elsewhere a line now and then. Times are told to it, so it knows no clock.
#pragma once

#include "conformance/run/verdict.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

class Progress {
 public:
  using Time = std::chrono::nanoseconds;  // since the start of the run
  enum class Kind { none, status, lines };

  /// Between two lines where there is no terminal.
  static constexpr std::chrono::seconds pause{15};

  /// `expected` is how long each case will probably take, in the order of the run.
  Progress(Kind kind, std::vector<Time> expected, std::function<void(std::string_view)> print);

  /// The next case has ended; `text`, whole lines or nothing, is printed.
  void done(Verdict verdict, Time now, const std::string& text);
  /// Now and then while a case runs.
  void tick(Time now);
  /// Leaves a clean line.
  void end();

 private:
  [[nodiscard]] Time left(Time now) const;
  [[nodiscard]] std::string line(Time now) const;

  Kind kind_;
  std::vector<Time> expected_;
  std::function<void(std::string_view)> print_;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  Time expected_so_far_{0};
  Time expected_later_{0};
  Time last_done_{0};
  Time last_line_{0};
};

/// "40 s", "3 min", "1 h 5 min"
std::string rounded(Progress::Time time);

}  // namespace conformance
