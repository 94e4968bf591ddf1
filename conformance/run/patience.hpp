// How long the suite waits for what a unit owes it. In a quick run, what the unit let pass three
// times is waited for only at a hundredth; what it never missed so often keeps its whole time. In a
// clean-up, which judges nothing, once is enough.
#pragma once

#include "conformance/run/loop.hpp"
#include "conformance/run/verdict.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace conformance {

/// One kind of wait.
struct Wait {
  std::string what;         // "result of +QMTOPEN"; one kind by its name, of none without
  Clock::duration granted;  // what the unit may take
  Clock::duration whole;    // how long is waited, to see how late it is
  bool judged = true;       // that it does not come says something of the unit
};

class Patience {
 public:
  static constexpr int misses_before_cut = 3;
  static constexpr int unjudged_misses_before_cut = 1;
  /// As long as most commands may take to answer.
  static constexpr std::chrono::milliseconds least{300};

  explicit Patience(bool quick) : quick_(quick) {}

  /// How long to wait now: `wait.whole`, or a hundredth of it, but never less than twice what the
  /// unit once took.
  [[nodiscard]] Clock::duration of(const Wait& wait) const;
  /// It came.
  void met(const Wait& wait, Clock::duration took);
  /// It did not come in the time that of() gave. Counts only when that was all of it.
  void missed(const Wait& wait);
  /// of() gives less than what the unit may take: that it does not come proves nothing.
  [[nodiscard]] bool too_short(const Wait& wait) const {
    return of(wait) < std::min(wait.granted, wait.whole);
  }

  /// The kinds of waits that ended early, by name.
  [[nodiscard]] std::vector<CutWait> cut() const;

 private:
  struct Record {
    int misses = 0;              // of whole waits
    Clock::duration longest{0};  // that it took when it came
    CutWait cut{};
  };

  bool quick_;
  std::map<std::string, Record> records_;
};

}  // namespace conformance
