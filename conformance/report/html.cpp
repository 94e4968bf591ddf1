#include "conformance/report/figures.hpp"
#include "conformance/report/html_parts.hpp"
#include "conformance/report/report.hpp"

#include <fmt/format.h>

namespace conformance {
namespace {

using html::text;

constexpr std::array<std::string_view, 5> class_in_legend{"pass", "fail", "open", "none", "none"};

std::string legend(const RunResult& run, const Counts& counts) {
  std::string items;
  for (const auto verdict : shown_verdicts(run)) {
    const auto place = static_cast<std::size_t>(verdict);
    items += fmt::format("<span class=\"{}\">{} {}</span>", class_in_legend.at(place),
                         counts.at(place), name_of(verdict));
  }
  return "<p class=\"legend soft\">" + items + "</p>\n";
}

std::string headline(const RunResult& run) {
  const auto counts = run.statement_counts();
  const auto [pass, fail, open, not_applicable, not_run] = counts;
  auto line = fmt::format("<p class=\"headline\"><b>{} of {}</b> statements that apply hold", pass,
                          run.statements.size() - not_applicable);
  if (fail > 0) line += fmt::format(", <b>{} {}</b>", fail, fail == 1 ? "fails" : "fail");
  if (open > 0) line += fmt::format(", <b>{}</b> could not be judged", open);
  if (not_run > 0) line += fmt::format(", <b>{}</b> had no turn", not_run);
  line += fmt::format(". {} cases in {:.0f} s.</p>\n",
                      run.cases.size() - run.count(Verdict::not_run), seconds(run.took));
  return line + html::bar(counts) + legend(run, counts);
}

std::string cut_waits(const RunResult& run) {
  std::string lines;
  for (const auto& wait : run.cut_waits) lines += fmt::format("<li>{}</li>\n", text(told(wait)));
  if (lines.empty()) return {};
  return "<p>A quick run: what the unit let pass three times was not waited out any more.</p>\n<ul "
         "class=\"soft\">\n" +
         lines + "</ul>\n";
}

std::string statement_texts(const std::vector<std::string>& ids, const Catalogue& catalogue) {
  std::string lines;
  for (const auto& id : ids)
    if (const auto* statement = catalogue.find(id))
      lines += fmt::format("<p><b>{}</b> <span class=\"soft\">{}</span> {}</p>\n", text(id),
                           text(statement->clause), text(statement->text));
  return lines;
}

std::string failure_card(const CaseResult& each, const Catalogue& catalogue) {
  return fmt::format(
      "<section class=\"card {}\"><h3>{} {}</h3>\n{}<p class=\"soft\">{}, line {}</p>{}"
      "<details open><summary>The conversation</summary><div class=\"scroll\">{}</div></details>"
      "</section>\n",
      each.verdict == Verdict::fail ? "" : "open", html::label(each.verdict), text(each.title),
      statement_texts(each.failed.empty() ? each.statements : each.failed, catalogue),
      text(each.file), each.difference.line,
      each.difference.expected.empty() && each.difference.got.empty()
          ? fmt::format("<p><code>{}</code></p>", text(each.reason))
          : html::difference(each.difference),
      html::conversation(each));
}

std::string failures(const RunResult& run, const Catalogue& catalogue) {
  std::string cards;
  for (const auto wanted : {Verdict::fail, Verdict::inconclusive})
    for (const auto& each : run.cases)
      if (each.verdict == wanted) cards += failure_card(each, catalogue);
  if (cards.empty()) return "<h2 id=\"failures\">What failed</h2>\n<p>Nothing.</p>\n";
  return "<h2 id=\"failures\">What failed</h2>\n" + cards;
}

std::string coverage(const RunResult& run) {
  const auto shown = shown_verdicts(run);
  std::string head;
  for (const auto verdict : shown)
    head += fmt::format("<th class=\"n\">{}</th>", html::breakable(name_of(verdict)));
  std::string rows;
  for (const auto& row : clause_rows(run)) {
    rows += fmt::format("<tr><th>{}</th><td class=\"wide\">{}</td>", text(row.clause),
                        html::bar(row.counts));
    for (const auto verdict : shown)
      rows +=
          fmt::format("<td class=\"n\">{}</td>", row.counts.at(static_cast<std::size_t>(verdict)));
    rows += "</tr>\n";
  }
  return "<h2 id=\"coverage\">Coverage by clause</h2>\n<div class=\"scroll\"><table "
         "class=\"coverage\"><thead><tr><th>clause</th><th class=\"wide\"></th>" +
         head + "</tr></thead><tbody>\n" + rows + "</tbody></table></div>\n";
}

std::string times(const RunResult& run) {
  return "<h2 id=\"times\">Times</h2>\n<p class=\"soft\">From the end of the command line, or of "
         "its "
         "payload, to the final result code (answer); from OK to the result URC (result). The bar "
         "runs from the shortest to the longest, the blue mark is the median, the red one what the "
         "note allows.</p>\n<div class=\"scroll\">" +
         html::timing_plot(run) + "</div>\n";
}

std::string statements(const RunResult& run, const Catalogue& catalogue) {
  std::string rows;
  for (const auto& each : run.statements) {
    const auto* statement = catalogue.find(each.id);
    std::string links;
    for (const auto place : each.cases)
      links += fmt::format("<a href=\"#case-{}\">{}</a> ", place + 1, place + 1);
    rows += fmt::format(
        "<tr><th>{}</th><td>{}</td><td class=\"hide\">{}</td><td class=\"hide\">{}</td>"
        "<td>{}</td><td class=\"hide\">{}</td></tr>\n",
        text(each.id), html::label(each.verdict), text(statement->clause), text(statement->level),
        text(statement->text), links);
  }
  return "<h2 id=\"statements\">Statements</h2>\n<div class=\"scroll\"><table class=\"statements\">"
         "<thead><tr><th>id</th><th>verdict</th><th class=\"hide\">clause</th><th "
         "class=\"hide\">level"
         "</th><th></th><th class=\"hide\">cases</th></tr></thead><tbody>\n" +
         rows + "</tbody></table></div>\n";
}

std::string all_cases(const RunResult& run) {
  std::string list;
  std::string clause;
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    const auto& each = run.cases[i];
    if (each.clause != clause) list += fmt::format("<h3>{}</h3>\n", text(clause = each.clause));
    list += fmt::format(
        "<details id=\"case-{0}\"><summary>{1}{0}. {2} <small>{3} · {4:.2f} s</small>"
        "</summary>{5}<div class=\"scroll\">{6}</div></details>\n",
        i + 1, html::label(each.verdict), text(each.title),
        text(fmt::format("{}", fmt::join(each.statements, ", "))), seconds(each.took),
        each.verdict == Verdict::pass ? ""
                                      : fmt::format("<p><code>{}</code></p>", text(each.reason)),
        html::conversation(each));
  }
  return "<h2 id=\"cases\">Cases</h2>\n" + list;
}

}  // namespace

std::string html_report(const RunResult& run, const Catalogue& catalogue) {
  const auto head = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<title>Conformance of {0}</title><style>{1}</style></head><body>\n"
      "<header><h1>Conformance of {0}</h1><p class=\"soft\">{2} · {3} · {4}</p></header>\n",
      text(run.unit), html::style, text(run.identity), text(run.port), text(run.started));
  const std::string nav =
      "<nav><a href=\"#failures\">Failures</a><a href=\"#coverage\">Coverage</a>"
      "<a href=\"#times\">Times</a><a href=\"#statements\">Statements</a><a "
      "href=\"#cases\">Cases</a>"
      "</nav>\n";
  const auto early = run.ended_early.empty()
                         ? std::string{}
                         : fmt::format(
                               "<p class=\"headline\"><span class=\"label fail\">ended early"
                               "</span> {}</p>\n",
                               text(run.ended_early));
  return head + headline(run) + early + cut_waits(run) + nav + failures(run, catalogue) +
         coverage(run) + times(run) + statements(run, catalogue) + all_cases(run) +
         "</body></html>\n";
}

}  // namespace conformance
