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
  auto text = fmt::format("\n{:34} {:>5} {:>5} {:>13} {:>15}\n", "clause", "pass", "fail",
                          "inconclusive", "not applicable");
  for (const auto& row : clause_rows(run))
    text += fmt::format("{:34} {:>5} {:>5} {:>13} {:>15}\n", row.clause.substr(0, 34),
                        row.counts[0], row.counts[1], row.counts[2], row.counts[3]);
  text += "\n" + failed_statements(run, catalogue);
  if (!run.ended_early.empty()) text += "ended early: " + run.ended_early + "\n";
  text += fmt::format(
      "{} cases: {} pass, {} fail, {} inconclusive, {} not applicable, in {:.0f} s\n",
      run.cases.size(), run.count(Verdict::pass), run.count(Verdict::fail),
      run.count(Verdict::inconclusive), run.count(Verdict::not_applicable), seconds(run.took));
  text +=
      fmt::format("{} statements: {} pass, {} fail, {} inconclusive, {} not applicable\n",
                  run.statements.size(), run.count_statements(Verdict::pass),
                  run.count_statements(Verdict::fail), run.count_statements(Verdict::inconclusive),
                  run.count_statements(Verdict::not_applicable));
  return text;
}

std::string tap(const RunResult& run) {
  auto text = fmt::format("TAP version 13\n1..{}\n", run.cases.size());
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    const auto& each = run.cases[i];
    const bool ok = each.verdict != Verdict::fail;
    text += fmt::format("{} {} - {} {}", ok ? "ok" : "not ok", i + 1, each.file, each.title);
    if (each.verdict == Verdict::not_applicable || each.verdict == Verdict::inconclusive)
      text += fmt::format(" # SKIP {}: {}", name_of(each.verdict), each.reason);
    text += "\n";
    if (!ok) text += fmt::format("  ---\n  message: {}\n  ...\n", each.reason);
  }
  if (!run.ended_early.empty()) text += "Bail out! " + run.ended_early + "\n";
  return text;
}

}  // namespace conformance
