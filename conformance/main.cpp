// eg91xq-conformance: judges an EG91xQ, ours, theirs or the real one, over its port.
#include "conformance/compare/diff.hpp"
#include "conformance/compare/record.hpp"
#include "conformance/options.hpp"
#include "conformance/report/console.hpp"
#include "conformance/report/report.hpp"
#include "conformance/run/suite.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include <fmt/format.h>

namespace conformance {
namespace {

constexpr int all_well = 0;
constexpr int something_failed = 1;
constexpr int bad_usage = 2;

std::vector<SuiteCase> chosen(const Options& options, const Catalogue& catalogue) {
  auto cases = read_suite(options.data / "cases", catalogue);
  if (!options.filters.empty())
    cases.erase(std::remove_if(cases.begin(), cases.end(),
                               [&](const auto& each) {
                                 return std::none_of(options.filters.begin(), options.filters.end(),
                                                     [&](const auto& filter) {
                                                       return matches(each, filter, catalogue);
                                                     });
                               }),
                cases.end());
  if (cases.empty()) throw std::runtime_error("no case is of this statement or clause");
  if (options.shuffle) std::shuffle(cases.begin(), cases.end(), std::mt19937(*options.shuffle));
  return cases;
}

int list(const std::vector<SuiteCase>& cases) {
  for (const auto& each : cases)
    fmt::print("{}:{}: {} [{}]\n", each.file, each.content.line, each.content.title,
               fmt::join(each.content.statements, "] ["));
  return all_well;
}

int judge(const Options& options, const Catalogue& catalogue, const std::vector<SuiteCase>& cases) {
  Loop loop;
  Bench bench(loop, options.addresses);
  CasePlayer player(
      {loop, bench, catalogue, options.profile, *options.port, options.timeout_scale, false});
  SuiteRun how;
  how.stop_at_first_failure = options.stop_at_first_failure;
  const char* const ci = ::getenv("CI");
  const bool progress = !options.tap && !options.quiet && (ci == nullptr || *ci == '\0');
  how.on_case = [&](const CaseResult& result, std::size_t done, std::size_t all) {
    if (options.tap) return;
    if (progress || result.verdict == Verdict::fail || result.verdict == Verdict::inconclusive) {
      fmt::print("{}", case_line(result, done, all));
      std::fflush(stdout);
    }
  };
  auto run = run_suite(player, bench, cases, catalogue, how);
  run.unit = options.profile.unit;
  run.port = options.port_text;
  fmt::print("{}", options.tap ? tap(run) : summary(run, catalogue));
  if (!options.junit.empty()) write_whole(options.junit, junit_report(run));
  if (!options.report.empty())
    write_whole(options.report, options.report.extension() == ".html"
                                    ? html_report(run, catalogue)
                                    : markdown_report(run, catalogue));
  const bool failed = run.count(Verdict::fail) > 0 || !run.ended_early.empty();
  return failed ? something_failed : all_well;
}

int run(const Options& options) {
  if (!options.record.empty()) return record(options);
  const auto catalogue = read_catalogue(options.data);
  if (!options.diff.empty()) return diff(options, catalogue);
  const auto cases = chosen(options, catalogue);
  return options.list ? list(cases) : judge(options, catalogue, cases);
}

}  // namespace
}  // namespace conformance

int main(int argc, char** argv) {
  using namespace conformance;
  // Paho would send everything through them.
  for (const auto* name : {"http_proxy", "https_proxy", "MQTT_C_CLIENT_TRACE"}) ::unsetenv(name);
  const auto parsed = parse_options(argc, argv);
  if (const auto* code = std::get_if<int>(&parsed)) return *code;
  try {
    return run(std::get<Options>(parsed));
  } catch (const std::exception& error) {
    fmt::print(stderr, "eg91xq-conformance: {}\n", error.what());
    return bad_usage;
  }
}
