#include "conformance/run/suite.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace conformance {

namespace fs = std::filesystem;

namespace {

bool holds(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// "# 3.3.8  AT+QMTPUBEX" without its number sign.
std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  line.erase(0, std::min(line.find_first_not_of("# "), line.size()));
  return line;
}

void check_statements(const SuiteCase& which, const Catalogue& catalogue) {
  for (const auto& id : which.content.statements)
    if (catalogue.find(id) == nullptr)
      throw std::runtime_error(
          fmt::format("{}:{}: no such statement: {}", which.file, which.content.line, id));
}

CaseResult play_one(CasePlayer& player, Bench& bench, const SuiteCase& which,
                    std::string& ended_early) {
  CaseResult result;
  try {
    bench.next_case();
    result = player.play(which.content);
    if (result.verdict != Verdict::not_applicable) player.clean_up();
  } catch (const std::exception& error) {
    ended_early = error.what();
    if (result.verdict != Verdict::fail) {
      result = player.result();
      const bool interrupted = dynamic_cast<const Interrupted*>(&error) != nullptr;
      result.verdict = interrupted ? Verdict::inconclusive : Verdict::fail;
      result.reason = ended_early;
      result.failed = interrupted ? std::vector<std::string>{} : which.content.statements;
    }
    result.events = player.result().events;
  }
  result.file = which.file;
  result.clause = which.clause;
  result.title = which.content.title;
  result.statements = which.content.statements;
  return result;
}

}  // namespace

std::vector<SuiteCase> read_suite(const fs::path& folder, const Catalogue& catalogue) {
  std::vector<fs::path> files;
  if (fs::is_regular_file(folder)) files.push_back(folder);
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".at") files.push_back(entry.path());
  if (files.empty()) throw std::runtime_error("no cases at " + folder.string());
  std::sort(files.begin(), files.end());
  std::vector<SuiteCase> suite;
  for (const auto& file : files) {
    for (auto& content : transcript::read_cases(file, file.parent_path() / "prologue")) {
      suite.push_back({file.filename().string(), first_line(file), std::move(content)});
      check_statements(suite.back(), catalogue);
    }
  }
  return suite;
}

bool matches(const SuiteCase& which, const std::string& filter, const Catalogue& catalogue) {
  if (which.clause.rfind(filter, 0) == 0) return true;
  const auto& ids = which.content.statements;
  return std::any_of(ids.begin(), ids.end(), [&](const auto& id) {
    const auto* statement = catalogue.find(id);
    return id == filter || id.rfind(filter + "-", 0) == 0 || statement->clause == filter;
  });
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
  run.statements = judge_statements(run.cases, catalogue);
  run.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  return run;
}

std::vector<StatementResult> judge_statements(const std::vector<CaseResult>& cases,
                                              const Catalogue& catalogue) {
  std::vector<StatementResult> results;
  for (const auto& statement : catalogue.statements) {
    StatementResult result{statement.id};
    bool failed = false;
    bool passed = false;
    bool applicable = false;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const auto& each = cases[i];
      if (!holds(each.statements, statement.id)) continue;
      result.cases.push_back(i);
      applicable = applicable || each.verdict != Verdict::not_applicable;
      failed = failed || (each.verdict == Verdict::fail && holds(each.failed, statement.id));
      passed = passed || each.verdict == Verdict::pass;
    }
    if (result.cases.empty()) continue;
    result.verdict = failed        ? Verdict::fail
                     : passed      ? Verdict::pass
                     : !applicable ? Verdict::not_applicable
                                   : Verdict::inconclusive;
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace conformance
