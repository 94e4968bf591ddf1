#include "conformance/report/console.hpp"

#include "conformance/report/figures.hpp"

#include <fmt/format.h>

namespace conformance {
namespace {

std::string failed_statements(const RunResult& run, const Catalogue& catalogue) {
  std::string text;
  for (const auto& each : run.statements) {
    if (each.verdict != Verdict::fail && each.verdict != Verdict::inconclusive) continue;
    const auto* statement = catalogue.find(each.id);
    text += fmt::format("{:12} {:12} {}\n", name_of(each.verdict), each.id, statement->text);
  }
  return text;
}

}  // namespace

std::string case_line(const CaseResult& result, std::size_t done, std::size_t all) {
  auto text = fmt::format("{:>3}/{} {:14} {} | {}  {:.2f} s\n", done, all, name_of(result.verdict),
                          result.file, result.title, seconds(result.took));
  if (!result.reason.empty() && result.verdict != Verdict::pass)
    text += fmt::format("        {}\n", result.reason.substr(0, 1000));
  return text;
}

std::string summary(const RunResult& run, const Catalogue& catalogue) {
  auto text = fmt::format("\n{:34}", "clause");
  for (const auto verdict : shown_verdicts(run)) text += fmt::format(" {:>14}", name_of(verdict));
  for (const auto& row : clause_rows(run)) {
    text += fmt::format("\n{:34}", row.clause.substr(0, 34));
    for (const auto verdict : shown_verdicts(run))
      text += fmt::format(" {:>14}", row.counts.at(static_cast<std::size_t>(verdict)));
  }
  text += "\n\n" + failed_statements(run, catalogue);
  for (const auto& wait : run.cut_waits) text += "quick: " + told(wait) + "\n";
  if (!run.ended_early.empty()) text += "ended early: " + run.ended_early + "\n";
  text += fmt::format("{} cases: {}, in {:.0f} s\n", run.cases.size(), told(run, run.counts()),
                      seconds(run.took));
  text +=
      fmt::format("{} statements: {}\n", run.statements.size(), told(run, run.statement_counts()));
  return text;
}

std::string tap(const RunResult& run) {
  auto text = fmt::format("TAP version 13\n1..{}\n", run.cases.size());
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    const auto& each = run.cases[i];
    const bool ok = each.verdict != Verdict::fail;
    text += fmt::format("{} {} - {} {}", ok ? "ok" : "not ok", i + 1, each.file, each.title);
    if (ok && each.verdict != Verdict::pass)
      text += fmt::format(" # SKIP {}: {}", name_of(each.verdict), each.reason);
    text += "\n";
    if (!ok) text += fmt::format("  ---\n  message: {}\n  ...\n", each.reason);
  }
  if (!run.ended_early.empty()) text += "Bail out! " + run.ended_early + "\n";
  return text;
}

}  // namespace conformance
