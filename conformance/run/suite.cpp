#include "conformance/run/suite.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace conformance {

namespace fs = std::filesystem;

namespace {

constexpr auto without_waits = std::chrono::milliseconds(500);

bool holds(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// None where there is neither such a file nor such a folder.
std::vector<fs::path> case_files(const fs::path& place) {
  std::vector<fs::path> files;
  if (fs::is_regular_file(place)) files.push_back(place);
  if (fs::is_directory(place))
    for (const auto& entry : fs::directory_iterator(place))
      if (entry.path().extension() == ".at") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<transcript::Case> cases_in(const fs::path& file) {
  return transcript::read_cases(file, file.parent_path() / "prologue");
}

/// The knob and the value of `when KNOB=VALUE`.
std::optional<std::pair<std::string, std::string>> asked_by(const transcript::Step& step) {
  const auto equals = step.rest.find('=');
  if (step.verb != "when" || equals == std::string::npos) return std::nullopt;
  return std::pair(step.rest.substr(0, equals), step.rest.substr(equals + 1));
}

/// "# 3.3.8  AT+QMTPUBEX" without its number sign.
std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  line.erase(0, std::min(line.find_first_not_of("# "), line.size()));
  return line;
}

/// A unit under test has one port.
void check_channels(const transcript::Case& which) {
  for (const auto& step : which.steps)
    if (step.channel != 0) throw transcript::Failure(step, "a unit has one channel, @0");
}

void check_statements(const SuiteCase& which, const Catalogue& catalogue) {
  for (const auto& id : which.content.statements)
    if (catalogue.find(id) == nullptr)
      throw std::runtime_error(
          fmt::format("{}:{}: no such statement: {}", which.file, which.content.line, id));
}

CaseResult named(CaseResult result, const SuiteCase& which) {
  result.file = which.file;
  result.clause = which.clause;
  result.title = which.content.title;
  result.statements = which.content.statements;
  return result;
}

CaseResult play_one(CasePlayer& player, Bench& bench, const SuiteCase& which,
                    std::string& ended_early) {
  CaseResult result;
  bool played = false;
  try {
    bench.next_case();
    result = player.play(which.content);
    played = true;
    if (result.verdict != Verdict::not_applicable) player.clean_up();
  } catch (const Interrupted& why) {
    ended_early = why.what();
    if (!played) {
      result = player.result();
      result.verdict = Verdict::inconclusive;
      result.reason = ended_early;
    }
  } catch (const std::exception& error) {
    ended_early = error.what();
    if (result.verdict != Verdict::fail) {
      result = player.result();
      result.verdict = Verdict::fail;
      result.reason = ended_early;
      result.failed = which.content.statements;
    }
    result.events = player.result().events;
  }
  return named(std::move(result), which);
}

CaseResult not_run(const SuiteCase& which, const std::string& why) {
  CaseResult result;
  result.verdict = Verdict::not_run;
  result.reason = why;
  return named(std::move(result), which);
}

/// What cases say about one statement, those that do not apply left out.
struct Evidence {
  bool failed = false;
  bool open = false;  // inconclusive
  bool passed = false;
  bool missing = false;    // not run
  bool elsewhere = false;  // the case failed at another statement

  void add(const CaseResult& each, const std::string& id) {
    const bool here = each.verdict == Verdict::fail && holds(each.failed, id);
    failed = failed || here;
    elsewhere = elsewhere || (each.verdict == Verdict::fail && !here);
    open = open || each.verdict == Verdict::inconclusive;
    passed = passed || each.verdict == Verdict::pass;
    missing = missing || each.verdict == Verdict::not_run;
  }

  [[nodiscard]] Verdict verdict() const {
    if (failed) return Verdict::fail;
    if (open || (passed && missing)) return Verdict::inconclusive;
    if (passed) return Verdict::pass;
    if (elsewhere) return Verdict::inconclusive;
    return missing ? Verdict::not_run : Verdict::not_applicable;
  }
};

}  // namespace

std::vector<SuiteCase> read_suite(const fs::path& folder, const Catalogue& catalogue) {
  const auto files = case_files(folder);
  if (files.empty()) throw std::runtime_error("no cases at " + folder.string());
  std::vector<SuiteCase> suite;
  for (const auto& file : files) {
    for (auto& content : cases_in(file)) {
      suite.push_back({file.filename().string(), first_line(file), std::move(content)});
      check_statements(suite.back(), catalogue);
      check_channels(suite.back().content);
    }
  }
  return suite;
}

KnownClaims known_claims(const std::vector<fs::path>& places) {
  KnownClaims known{{"cmux", {"yes"}}};  // the clean-up asks for it
  for (const auto& place : places)
    for (const auto& file : case_files(place))
      for (const auto& each : cases_in(file))
        for (const auto& step : each.steps)
          if (const auto claim = asked_by(step)) known[claim->first].insert(claim->second);
  return known;
}

bool matches(const SuiteCase& which, const std::string& filter, const Catalogue& catalogue) {
  if (which.clause.rfind(filter, 0) == 0) return true;
  const auto& ids = which.content.statements;
  return std::any_of(ids.begin(), ids.end(), [&](const auto& id) {
    const auto* statement = catalogue.find(id);
    return id == filter || id.rfind(filter + "-", 0) == 0 || statement->clause == filter;
  });
}

Clock::duration expected_time(const SuiteCase& which, const Profile& profile) try {
  Clock::duration time = without_waits;
  for (const auto& step : which.content.steps) {
    if (const auto claim = asked_by(step);
        claim && !profile.claims_that(claim->first, claim->second))
      return Clock::duration::zero();
    if (step.verb == "wait" || step.verb == "quiet")
      time += transcript::duration_of(step, step.rest);
  }
  return time;
} catch (const transcript::Failure&) {
  // Playing it will say what is wrong with it.
  return without_waits;
}

RunResult run_suite(CasePlayer& player, Bench& bench, const std::vector<SuiteCase>& cases,
                    const Catalogue& catalogue, const SuiteRun& how) {
  RunResult run;
  const auto start = Clock::now();
  run.started = fmt::format("{:%Y-%m-%dT%H:%M:%S%z}", fmt::localtime(std::time(nullptr)));
  try {
    player.begin();
    run.identity = player.identity();
  } catch (const std::exception& error) {
    run.ended_early = error.what();
  }
  for (const auto& which : cases) {
    if (!run.ended_early.empty()) break;
    run.cases.push_back(play_one(player, bench, which, run.ended_early));
    if (how.on_case) how.on_case(run.cases.back(), run.cases.size(), cases.size());
    if (how.stop_at_first_failure && run.cases.back().verdict == Verdict::fail)
      run.ended_early = "stopped at the first failure";
  }
  for (auto place = run.cases.size(); place < cases.size(); ++place)
    run.cases.push_back(not_run(cases[place], run.ended_early));
  run.cut_waits = player.patience().cut();
  run.statements = judge_statements(run.cases, catalogue);
  run.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  return run;
}

std::vector<StatementResult> judge_statements(const std::vector<CaseResult>& cases,
                                              const Catalogue& catalogue) {
  std::vector<StatementResult> results;
  for (const auto& statement : catalogue.statements) {
    StatementResult result{statement.id};
    Evidence evidence;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      if (!holds(cases[i].statements, statement.id)) continue;
      result.cases.push_back(i);
      evidence.add(cases[i], statement.id);
    }
    if (result.cases.empty()) continue;
    result.verdict = evidence.verdict();
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace conformance
