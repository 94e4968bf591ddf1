#include "conformance/report/figures.hpp"
#include "conformance/report/report.hpp"

#include <fmt/format.h>

namespace conformance {
namespace {

std::string cell(std::string text) {
  for (auto bar = text.find('|'); bar != std::string::npos; bar = text.find('|', bar + 2))
    text.insert(bar, "\\");
  return text;
}

std::string coverage(const RunResult& run) {
  std::string text =
      "| clause | pass | fail | inconclusive | not applicable |\n|---|--:|--:|--:|--:|\n";
  for (const auto& row : clause_rows(run))
    text += fmt::format("| {} | {} | {} | {} | {} |\n", cell(row.clause), row.counts[0],
                        row.counts[1], row.counts[2], row.counts[3]);
  text += fmt::format("| **cases** | {} | {} | {} | {} |\n", run.count(Verdict::pass),
                      run.count(Verdict::fail), run.count(Verdict::inconclusive),
                      run.count(Verdict::not_applicable));
  text +=
      fmt::format("| **statements** | {} | {} | {} | {} |\n", run.count_statements(Verdict::pass),
                  run.count_statements(Verdict::fail), run.count_statements(Verdict::inconclusive),
                  run.count_statements(Verdict::not_applicable));
  return text;
}

std::string failures(const RunResult& run, const Catalogue& catalogue) {
  std::string text;
  for (const auto& each : run.cases) {
    if (each.verdict != Verdict::fail && each.verdict != Verdict::inconclusive) continue;
    text += fmt::format("### {}: {}\n\n", name_of(each.verdict), each.title);
    for (const auto& id : each.failed)
      if (const auto* statement = catalogue.find(id))
        text += fmt::format("**{}** {}\n\n", id, statement->text);
    text += fmt::format("```\n{}\n```\n\n", each.reason);
  }
  return text.empty() ? text : "## What failed\n\n" + text;
}

std::string timings(const RunResult& run) {
  std::string text =
      "| command | | n | min ms | median ms | max ms | allowed ms "
      "|\n|---|---|--:|--:|--:|--:|--:|\n";
  for (const auto& row : timing_rows(run))
    text += fmt::format("| {} | {} | {} | {:.2f} | {:.2f} | {:.2f} | {:.0f} |\n", row.command,
                        row.what, row.count, row.min, row.median, row.max, row.limit);
  return text;
}

std::string statements(const RunResult& run, const Catalogue& catalogue) {
  std::string text =
      "| statement | clause | level | verdict | cases | |\n|---|---|---|---|--:|---|\n";
  for (const auto& each : run.statements) {
    const auto* statement = catalogue.find(each.id);
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", each.id, statement->clause,
                        statement->level, name_of(each.verdict), each.cases.size(),
                        cell(statement->text));
  }
  return text;
}

}  // namespace

std::string markdown_report(const RunResult& run, const Catalogue& catalogue) {
  auto text = fmt::format("# Conformance of {}\n\n{}, at {}, {}\n\n", run.unit, run.identity,
                          run.port, run.started);
  if (!run.ended_early.empty()) text += fmt::format("**Ended early: {}**\n\n", run.ended_early);
  text += coverage(run) + "\n" + failures(run, catalogue);
  text += "## Times\n\n" + timings(run) + "\n## Statements\n\n" + statements(run, catalogue);
  return text;
}

}  // namespace conformance
