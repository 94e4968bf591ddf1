// From cases to statements, from a run to files.
#include "conformance/report/console.hpp"
#include "conformance/report/figures.hpp"
#include "conformance/report/report.hpp"
#include "conformance/run/exit_code.hpp"
#include "conformance/run/suite.hpp"

#include <sstream>

#include <boost/property_tree/xml_parser.hpp>
#include <catch2/catch.hpp>

using namespace conformance;
using namespace std::chrono_literals;

namespace {

CaseResult case_of(const std::string& title, const std::vector<std::string>& statements,
                   Verdict verdict, const std::vector<std::string>& failed = {}) {
  CaseResult result;
  result.file = "x.at";
  result.clause = "3.3.8 X";
  result.title = title;
  result.statements = statements;
  result.verdict = verdict;
  result.failed = failed;
  result.reason = verdict == Verdict::pass ? "" : "expected \"<a>\" & got b";
  return result;
}

Catalogue two_statements() {
  Catalogue catalogue;
  for (const auto* id : {"A-1", "A-2", "A-3", "A-4"})
    catalogue.statements.push_back({id, "3.3.8", "document", "must", "", "Text of <it>."});
  return catalogue;
}

RunResult a_run() {
  RunResult run;
  run.unit = "<unit>";
  run.cases = {case_of("one & two", {"A-1", "A-2"}, Verdict::fail, {"A-2"}),
               case_of("three", {"A-1"}, Verdict::pass),
               case_of("four", {"A-3"}, Verdict::not_applicable),
               case_of("five", {"A-4"}, Verdict::inconclusive)};
  run.cases[1].samples = {{"+QMTOPEN", false, 3ms, 300ms},
                          {"+QMTOPEN", false, 1ms, 300ms},
                          {"+QMTOPEN", false, 2ms, 300ms},
                          {"+QMTOPEN", true, 2s, 120s}};
  run.statements = judge_statements(run.cases, two_statements());
  return run;
}

}  // namespace

TEST_CASE("a statement is as good as the worst of its cases: pass, inconclusive, fail") {
  const auto catalogue = two_statements();
  const auto of = [&](const std::vector<Verdict>& verdicts) {
    std::vector<CaseResult> cases;
    for (const auto verdict : verdicts)
      cases.push_back(case_of(
          "x", {"A-1"}, verdict,
          verdict == Verdict::fail ? std::vector<std::string>{"A-1"} : std::vector<std::string>{}));
    return judge_statements(cases, catalogue).at(0).verdict;
  };
  CHECK(of({Verdict::pass, Verdict::inconclusive}) == Verdict::inconclusive);
  CHECK(of({Verdict::inconclusive, Verdict::fail, Verdict::pass}) == Verdict::fail);
  CHECK(of({Verdict::not_applicable, Verdict::pass}) == Verdict::pass);
  CHECK(of({Verdict::not_applicable, Verdict::inconclusive}) == Verdict::inconclusive);
  CHECK(of({Verdict::not_applicable}) == Verdict::not_applicable);
  CHECK(of({Verdict::pass, Verdict::not_run}) == Verdict::inconclusive);
  CHECK(of({Verdict::not_run, Verdict::not_applicable}) == Verdict::not_run);
  CHECK(of({Verdict::not_run, Verdict::fail}) == Verdict::fail);
}

TEST_CASE("the exit code is 0 only when something was judged and all of it passed") {
  const auto of = [](const std::vector<Verdict>& verdicts) {
    RunResult run;
    for (const auto verdict : verdicts) run.cases.push_back(case_of("x", {"A-1"}, verdict));
    return exit_code(run);
  };
  CHECK(of({Verdict::pass, Verdict::not_applicable}) == 0);
  CHECK(of({Verdict::fail, Verdict::inconclusive, Verdict::not_run}) == 1);
  CHECK(of({Verdict::pass, Verdict::inconclusive}) == 3);
  CHECK(of({Verdict::pass, Verdict::not_run}) == 3);
  CHECK(of({Verdict::not_applicable}) == 3);
  CHECK(of({}) == 3);
}

TEST_CASE("what was not run is told in every report, and has no column where all was") {
  auto run = a_run();
  CHECK(summary(run, two_statements()).find("not run") == std::string::npos);
  CHECK(markdown_report(run, two_statements()).find("not run") == std::string::npos);
  CHECK(html_report(run, two_statements()).find("not run") == std::string::npos);
  run.cases.push_back(case_of("six", {"A-4"}, Verdict::not_run));
  run.ended_early = "the time is over";
  run.statements = judge_statements(run.cases, two_statements());
  CHECK(summary(run, two_statements())
            .find("5 cases: 1 pass, 1 fail, 1 inconclusive, 1 not applicable, 1 not run") !=
        std::string::npos);
  CHECK(markdown_report(run, two_statements())
            .find("| clause | pass | fail | inconclusive | not applicable | not run |\n") !=
        std::string::npos);
  CHECK(html_report(run, two_statements()).find(">not run</span>") != std::string::npos);
  CHECK(junit_report(run).find("message=\"not run: ") != std::string::npos);
  CHECK(tap(run).find("\nok 5 - x.at six # SKIP not run") != std::string::npos);
}

TEST_CASE("waits that were cut are told in the summary and the reports") {
  auto run = a_run();
  run.cut_waits = {{"result of +QMTOPEN", 121500ms, 12150ms, 4}};
  const std::string told =
      "result of +QMTOPEN: not within 121.5 s, so 4 times waited for only 12.2 s";
  CHECK(summary(run, two_statements()).find("quick: " + told + "\n") != std::string::npos);
  CHECK(markdown_report(run, two_statements()).find(told) != std::string::npos);
  CHECK(html_report(run, two_statements()).find(told) != std::string::npos);
}

TEST_CASE("a statement fails where a case fails at it, and passes where one came through") {
  const auto run = a_run();
  REQUIRE(run.statements.size() == 4);
  CHECK(run.statements[0].verdict == Verdict::pass);
  CHECK(run.statements[1].verdict == Verdict::fail);
  CHECK(run.statements[2].verdict == Verdict::not_applicable);
  CHECK(run.statements[3].verdict == Verdict::inconclusive);
  CHECK(run.statements[0].cases == std::vector<std::size_t>{0, 1});
}

TEST_CASE("times are shortest, median and longest against the limit") {
  const auto rows = timing_rows(a_run());
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].what == "answer");
  CHECK(rows[0].count == 3);
  CHECK(rows[0].min == Approx(1));
  CHECK(rows[0].median == Approx(2));
  CHECK(rows[0].max == Approx(3));
  CHECK(rows[1].limit == Approx(120'000));
}

TEST_CASE("JUnit is XML with a test case for each case") {
  std::istringstream in(junit_report(a_run()));
  boost::property_tree::ptree tree;
  boost::property_tree::read_xml(in, tree);
  const auto& suite = tree.get_child("testsuites.testsuite");
  CHECK(suite.get<int>("<xmlattr>.tests") == 4);
  CHECK(suite.get<int>("<xmlattr>.failures") == 1);
  CHECK(suite.get<int>("<xmlattr>.skipped") == 2);
  CHECK(suite.count("testcase") == 4);
  const auto& first = suite.get_child("testcase");
  CHECK(first.get<std::string>("failure") == "expected \"<a>\" & got b");
  CHECK(first.get<std::string>("<xmlattr>.classname") == "3.3.8 X");
  std::vector<std::string> proved;
  for (const auto& [tag, property] : first.get_child("properties")) {
    CHECK(tag == "property");
    CHECK(property.get<std::string>("<xmlattr>.name") == "statement");
    proved.push_back(property.get<std::string>("<xmlattr>.value"));
  }
  CHECK(proved == std::vector<std::string>{"A-1", "A-2"});
}

TEST_CASE("the page escapes what it shows and puts failures first") {
  const auto page = html_report(a_run(), two_statements());
  CHECK(page.find("<unit>") == std::string::npos);
  CHECK(page.find("Conformance of &lt;unit&gt;") != std::string::npos);
  CHECK(page.find("one &amp; two") < page.find("Coverage by clause"));
  CHECK(page.find("http") == std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
}

TEST_CASE("TAP counts every case and skips what was not judged") {
  const auto text = tap(a_run());
  CHECK(text.find("1..4\n") != std::string::npos);
  CHECK(text.find("\nnot ok 1 - x.at one & two\n") != std::string::npos);
  CHECK(text.find("\nok 2 - x.at three\n") != std::string::npos);
  CHECK(text.find("\nok 3 - x.at four # SKIP not applicable") != std::string::npos);
}
