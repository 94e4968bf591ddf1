#include "conformance/judge.hpp"

#include "command_line/process_start.hpp"
#include "conformance/report/console.hpp"
#include "conformance/report/output_file.hpp"
#include "conformance/report/progress.hpp"
#include "conformance/report/report.hpp"
#include "conformance/run/exit_code.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>

namespace conformance {
namespace {

/// What the user wants to have of the run, each made when it can be.
struct Reports {
  explicit Reports(const Options& options) {
    if (!options.junit.empty()) junit.emplace(options.junit);
    if (!options.report.empty()) report.emplace(options.report);
    is_page = options.report.extension() == ".html";
  }

  /// One that cannot be written takes nothing from the other.
  void write(const RunResult& run, const Catalogue& catalogue) const {
    std::exception_ptr wrong;
    const auto write = [&](const std::optional<OutputFile>& file, const std::string& content) {
      try {
        if (file) file->write(content);
      } catch (const std::runtime_error&) {
        wrong = std::current_exception();
      }
    };
    write(report, is_page ? html_report(run, catalogue) : markdown_report(run, catalogue));
    write(junit, junit_report(run));
    if (wrong) std::rethrow_exception(wrong);
  }

  std::optional<OutputFile> junit;
  std::optional<OutputFile> report;
  bool is_page;
};

bool in_ci() {
  const char* const ci = ::getenv("CI");
  return ci != nullptr && *ci != '\0';
}

Progress progress_of(const Options& options, const std::vector<SuiteCase>& cases,
                     std::function<void(std::string_view)> print) {
  std::vector<Clock::duration> expected;
  expected.reserve(cases.size());
  for (const auto& each : cases) expected.push_back(expected_time(each, options.profile));
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool silent = options.tap || (options.quiet && !terminal);
  return {silent     ? Progress::Kind::none
          : terminal ? Progress::Kind::status
                     : Progress::Kind::lines,
          std::move(expected), std::move(print)};
}

RunResult played(const Options& options, const Catalogue& catalogue,
                 const std::vector<SuiteCase>& cases) {
  Loop loop;
  auto progress = progress_of(options, cases, [&loop](std::string_view text) {
    if (!command_line::print(std::string(text)))
      loop.end_at(Clock::now(), "standard output takes nothing any more");
  });
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
  return run;
}

}  // namespace

int judge(const Options& options, const Catalogue& catalogue, const std::vector<SuiteCase>& cases) {
  const Reports reports(options);
  const auto run = played(options, catalogue, cases);
  const bool said = command_line::print(options.tap ? tap(run) : summary(run, catalogue));
  reports.write(run, catalogue);
  if (!said) throw std::runtime_error("cannot write to standard output");
  return exit_code(run);
}

}  // namespace conformance
