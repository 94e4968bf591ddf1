// Figures that the reports share: verdicts by clause, times by command.
#pragma once

#include "conformance/run/verdict.hpp"

#include <array>
#include <string>
#include <vector>

namespace conformance {

struct ClauseRow {
  std::string clause;
  std::array<std::size_t, 4> counts{};  // cases, in the order of Verdict
};

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
