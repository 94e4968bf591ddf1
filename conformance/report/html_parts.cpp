#include "conformance/report/html_parts.hpp"

#include "conformance/report/figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace conformance::html {
namespace {

constexpr std::array<std::string_view, 5> verdict_class{"pass", "fail", "open", "none", "none"};

std::string_view class_of(Verdict verdict) {
  return verdict_class.at(static_cast<std::size_t>(verdict));
}

std::string_view speaker_name(Speaker who) {
  constexpr std::array<std::string_view, 6> names{"host",   "unit", "unit → broker",
                                                  "broker", "peer", "suite"};
  return names.at(static_cast<std::size_t>(who));
}

std::string_view speaker_class(Speaker who) {
  constexpr std::array<std::string_view, 6> names{"host",   "unit", "asked",
                                                  "broker", "peer", "suite"};
  return names.at(static_cast<std::size_t>(who));
}

std::string marked(const std::string& whole, std::size_t common) {
  return text(whole.substr(0, common)) + "<mark>" + text(whole.substr(common)) + "</mark>";
}

/// Where a time stands on the axis from 0.1 ms to 200 s, in percent.
double place(double ms) {
  constexpr double lowest = -1;
  constexpr double decades = 6.301;
  return std::clamp((std::log10(std::max(ms, 0.1)) - lowest) / decades * 100, 0.0, 100.0);
}

std::string shown(double ms) {
  if (ms < 10) return fmt::format("{:.2f} ms", ms);
  return ms < 1000 ? fmt::format("{:.1f} ms", ms) : fmt::format("{:.1f} s", ms / 1000);
}

}  // namespace

std::string text(std::string_view raw) {
  std::string safe;
  for (const char c : raw) switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  return safe;
}

std::string breakable(std::string_view name) {
  std::string broken(name);
  for (const std::string_view part : {"incon", "applic"})
    if (const auto place = broken.find(part); place != std::string::npos)
      broken.insert(place + part.size(), "&shy;");
  return broken;
}

std::string label(Verdict verdict) {
  return fmt::format("<span class=\"label {}\">{}</span>", class_of(verdict), name_of(verdict));
}

std::string bar(const Counts& counts) {
  const auto all = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  std::string parts;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      parts +=
          fmt::format("<i class=\"{}\" style=\"flex:{}\" title=\"{} {}\"></i>", verdict_class[i],
                      counts[i], counts[i], name_of(static_cast<Verdict>(i)));
  return fmt::format("<span class=\"bar\" role=\"img\" aria-label=\"{} of {} pass\">{}</span>",
                     counts[0], all, parts);
}

std::string conversation(const CaseResult& result) {
  std::string rows;
  for (const auto& event : result.events) {
    const bool here =
        result.verdict == Verdict::fail && event.line != 0 && event.line == result.difference.line;
    rows += fmt::format(
        "<tr class=\"{}{}\"><td>{:.3f}</td><td>{}</td><td>{}</td><td><code>{}</code></td></tr>\n",
        speaker_class(event.who), here ? " here" : "",
        std::chrono::duration<double>(event.at).count(),
        event.line > 0 ? std::to_string(event.line) : "", speaker_name(event.who),
        text(event.text));
  }
  return "<table class=\"talk\"><thead><tr><th>s</th><th>line</th><th>who</th><th>what</th></tr>"
         "</thead><tbody>\n" +
         rows + "</tbody></table>\n";
}

std::string difference(const Difference& difference) {
  if (difference.expected.empty() && difference.got.empty()) return {};
  const auto& a = difference.expected;
  const auto& b = difference.got;
  const auto common = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  return fmt::format(
      "<dl class=\"difference\"><dt>step</dt><dd><code>{}</code> (line {})</dd>"
      "<dt>expected</dt><dd><code>{}</code></dd><dt>got</dt><dd><code>{}</code></dd></dl>\n",
      text(difference.step), difference.line, marked(a, common), marked(b, common));
}

std::string timing_plot(const RunResult& run) {
  std::string rows;
  for (const auto& row : timing_rows(run))
    rows += fmt::format(
        "<tr><th>{} <small>{}</small></th><td>{}</td>"
        "<td class=\"axis\"><span class=\"range\" style=\"left:{:.2f}%;width:{:.2f}%\"></span>"
        "<span class=\"median\" style=\"left:{:.2f}%\"></span>"
        "<span class=\"limit\" style=\"left:{:.2f}%\"></span></td>"
        "<td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        text(row.command), row.what, row.count, place(row.min), place(row.max) - place(row.min),
        place(row.median), place(row.limit), shown(row.min), shown(row.median), shown(row.max),
        shown(row.limit));
  std::string scale;
  for (const auto& [ms, name] :
       {std::pair{1.0, "1 ms"}, {10.0, ""}, {100.0, "0.1 s"}, {1e3, ""}, {1e4, "10 s"}, {1e5, ""}})
    scale += fmt::format("<span style=\"left:{:.2f}%\">{}</span>", place(ms), name);
  return "<table class=\"times\"><thead><tr><th>command</th><th>n</th><th class=\"axis scale\">" +
         scale +
         "</th><th>min</th><th>median</th><th>max</th><th>allowed</th></tr></thead><tbody>\n" +
         rows + "</tbody></table>\n";
}

}  // namespace conformance::html
