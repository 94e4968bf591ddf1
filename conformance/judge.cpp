#include "conformance/judge.hpp"

#include "conformance/report/console.hpp"
#include "conformance/report/progress.hpp"
#include "conformance/report/report.hpp"
#include "conformance/run/exit_code.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace conformance {
namespace {

void print(std::string_view text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

bool in_ci() {
  const char* const ci = ::getenv("CI");
  return ci != nullptr && *ci != '\0';
}

Progress progress_of(const Options& options, const std::vector<SuiteCase>& cases) {
  std::vector<Clock::duration> expected;
  expected.reserve(cases.size());
  for (const auto& each : cases) expected.push_back(expected_time(each, options.profile));
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool silent = options.tap || (options.quiet && !terminal);
  return {silent     ? Progress::Kind::none
          : terminal ? Progress::Kind::status
                     : Progress::Kind::lines,
          std::move(expected), print};
}

void write_reports(const Options& options, const RunResult& run, const Catalogue& catalogue) {
  if (!options.junit.empty()) write_whole(options.junit, junit_report(run));
  if (!options.report.empty())
    write_whole(options.report, options.report.extension() == ".html"
                                    ? html_report(run, catalogue)
                                    : markdown_report(run, catalogue));
}

}  // namespace

int judge(const Options& options, const Catalogue& catalogue, const std::vector<SuiteCase>& cases) {
  auto progress = progress_of(options, cases);
  Loop loop;
  Bench bench(loop, options.addresses);
  CasePlayer player({loop, bench, catalogue, options.profile, options.port, options.timeout_scale,
                     false, options.quick});
  SuiteRun how;
  how.stop_at_first_failure = options.stop_at_first_failure;
  const bool every_case = !options.quiet && !in_ci();
  const auto start = Clock::now();
  how.on_case = [&](const CaseResult& result, std::size_t done, std::size_t all) {
    const bool told =
        every_case || result.verdict == Verdict::fail || result.verdict == Verdict::inconclusive;
    progress.done(result.verdict, Clock::now() - start,
                  told && !options.tap ? case_line(result, done, all) : std::string{});
  };
  if (options.max_time)
    loop.end_at(start + std::chrono::duration_cast<Clock::duration>(*options.max_time),
                "the time of --max-time is over");
  loop.each_second([&] { progress.tick(Clock::now() - start); });
  auto run = run_suite(player, bench, cases, catalogue, how);
  progress.end();
  run.unit = options.profile.unit;
  run.port = options.port_text;
  print(options.tap ? tap(run) : summary(run, catalogue));
  write_reports(options, run, catalogue);
  return exit_code(run);
}

}  // namespace conformance
