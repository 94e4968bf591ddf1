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

std::string counted(const RunResult& run, const std::string& what, const Counts& counts) {
  auto row = fmt::format("| {} |", what);
  for (const auto verdict : shown_verdicts(run))
    row += fmt::format(" {} |", counts.at(static_cast<std::size_t>(verdict)));
  return row + "\n";
}

std::string coverage(const RunResult& run) {
  std::string head = "| clause |";
  std::string rule = "|---|";
  for (const auto verdict : shown_verdicts(run)) {
    head += fmt::format(" {} |", name_of(verdict));
    rule += "--:|";
  }
  auto text = head + "\n" + rule + "\n";
  for (const auto& row : clause_rows(run)) text += counted(run, cell(row.clause), row.counts);
  text += counted(run, "**cases**", run.counts());
  text += counted(run, "**statements**", run.statement_counts());
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
  for (const auto& wait : run.cut_waits) text += fmt::format("Quick: {}.\n\n", told(wait));
  text += coverage(run) + "\n" + failures(run, catalogue);
  text += "## Times\n\n" + timings(run) + "\n## Statements\n\n" + statements(run, catalogue);
  return text;
}

}  // namespace conformance
