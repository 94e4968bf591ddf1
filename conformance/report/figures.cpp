#include "conformance/report/figures.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace conformance {

std::vector<ClauseRow> clause_rows(const RunResult& run) {
  std::vector<ClauseRow> rows;
  for (const auto& each : run.cases) {
    if (rows.empty() || rows.back().clause != each.clause) {
      const auto found = std::find_if(rows.begin(), rows.end(),
                                      [&](const auto& row) { return row.clause == each.clause; });
      if (found != rows.end())
        std::rotate(found, found + 1, rows.end());
      else
        rows.push_back({each.clause, {}});
    }
    ++rows.back().counts.at(static_cast<std::size_t>(each.verdict));
  }
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return a.clause < b.clause; });
  return rows;
}

std::vector<Verdict> shown_verdicts(const RunResult& run) {
  std::vector<Verdict> shown{Verdict::pass, Verdict::fail, Verdict::inconclusive,
                             Verdict::not_applicable};
  if (run.count(Verdict::not_run) > 0) shown.push_back(Verdict::not_run);
  return shown;
}

std::string told(const RunResult& run, const Counts& counts) {
  std::string text;
  for (const auto verdict : shown_verdicts(run))
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                        counts.at(static_cast<std::size_t>(verdict)), name_of(verdict));
  return text;
}

std::string told(const CutWait& wait) {
  return fmt::format("{}: not within {:.1f} s, so {} times waited for only {:.1f} s", wait.what,
                     seconds(wait.whole), wait.times, seconds(wait.waited));
}

std::vector<TimingRow> timing_rows(const RunResult& run) {
  std::map<std::pair<std::string, bool>, std::vector<double>> times;
  std::map<std::pair<std::string, bool>, double> limits;
  const auto ms = [](std::chrono::microseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
  };
  for (const auto& each : run.cases)
    for (const auto& sample : each.samples) {
      times[{sample.command, sample.is_result}].push_back(ms(sample.took));
      limits[{sample.command, sample.is_result}] = ms(sample.limit);
    }
  std::vector<TimingRow> rows;
  for (auto& [key, values] : times) {
    std::sort(values.begin(), values.end());
    rows.push_back({key.first, key.second ? "result" : "answer", values.size(), values.front(),
                    values[values.size() / 2], values.back(), limits[key]});
  }
  return rows;
}

}  // namespace conformance
