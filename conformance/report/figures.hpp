// Figures that the reports share: verdicts by clause, times by command.
#pragma once

#include "conformance/run/verdict.hpp"

#include <string>
#include <vector>

namespace conformance {

struct ClauseRow {
  std::string clause;
  Counts counts{};  // cases
};

/// Those that tables have columns for: `not run` only where something was not.
std::vector<Verdict> shown_verdicts(const RunResult& run);

/// "3 pass, 0 fail, ..." of those that are shown.
std::string told(const RunResult& run, const Counts& counts);

/// What is to be said of a wait that was cut.
std::string told(const CutWait& wait);

/// In the order of the run.
std::vector<ClauseRow> clause_rows(const RunResult& run);

/// How long one command took, over the whole run. Times in ms.
struct TimingRow {
  std::string command;
  std::string what;  // "answer" or "result"
  std::size_t count = 0;
  double min = 0;
  double median = 0;
  double max = 0;
  double limit = 0;
};

/// By name of the command.
std::vector<TimingRow> timing_rows(const RunResult& run);

}  // namespace conformance
