// From cases to statements, from a run to files.
#include "conformance/report/console.hpp"
#include "conformance/report/figures.hpp"
#include "conformance/report/report.hpp"
#include "conformance/run/profile.hpp"
#include "conformance/run/suite.hpp"
#include "tests/support/program.hpp"

#include <fstream>
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
  CHECK(suite.get_child("testcase").get<std::string>("failure") == "expected \"<a>\" & got b");
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

TEST_CASE("a report that cannot be written is an error, and leaves nothing behind") {
  CHECK_THROWS_WITH(write_whole("/no/such/folder/x.html", "x"), Catch::Contains("/no/such"));
}

TEST_CASE("a profile is read whole or refused with what is wrong") {
  const support::ScratchDirectory scratch;
  const auto file = scratch.file("x.toml");
  const auto with = [&](const std::string& text) {
    std::ofstream(file) << text;
    return read_profile(file);
  };
  const auto profile = with(
      "unit = \"mine\"\ntimer_late_ms = 90\nsetup = [\"AT+A=1,\\\"b\\\"\", \"AT+C\"]\n"
      "aside = [\"+X:\"]\n[claims]\nlatency = \"none\"\n");
  CHECK(profile.unit == "mine");
  CHECK(profile.timer_late == 90ms);
  CHECK(profile.setup.size() == 2);
  CHECK(profile.aside == std::vector<std::string>{"+X:"});
  CHECK(profile.claims_that("latency", "none"));
  CHECK_FALSE(profile.claims_that("latency", "typical"));
  CHECK_FALSE(profile.claims_that("other", ""));
  CHECK_THROWS_WITH(with("colour = 1\n"), Catch::Contains("colour"));
  CHECK_THROWS_WITH(with("timer_late_ms = \"soon\"\n"), Catch::Contains("milliseconds"));
  CHECK_THROWS(read_profile(scratch.file("none")));
}
