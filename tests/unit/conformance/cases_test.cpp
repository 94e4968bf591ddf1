// The cases against the hand-written list: every statement is judged, every step is of a statement.
#include "conformance/run/suite.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"

#include <fstream>
#include <set>

#include <catch2/catch.hpp>

using namespace conformance;

namespace {

const std::filesystem::path folder = support::in_tree("conformance");

bool is_setting(const transcript::Step& step) {
  return step.verb == "when" || step.verb == "echo" || step.verb == "finally";
}

}  // namespace

TEST_CASE("every statement has a conformance case") {
  const auto catalogue = read_catalogue(folder);
  std::set<std::string> named;
  for (const auto& each : read_suite(folder / "cases", catalogue))
    named.insert(each.content.statements.begin(), each.content.statements.end());
  for (const auto& statement : catalogue.statements) {
    CAPTURE(statement.id);
    CHECK(named.count(statement.id) == 1);
  }
}

TEST_CASE(
    "every case has a title and ends under a statement; behind its first statement no step is of "
    "none") {
  for (const auto& each : read_suite(folder / "cases", read_catalogue(folder))) {
    CAPTURE(each.file, each.content.title);
    CHECK_FALSE(each.content.title.empty());
    REQUIRE_FALSE(each.content.steps.empty());
    CHECK_FALSE(each.content.statements.empty());
    bool named = false;
    for (const auto& step : each.content.steps) {
      CAPTURE(step.line);
      if (step.prologue || is_setting(step)) continue;
      if (named) CHECK_FALSE(step.statements.empty());
      named = named || !step.statements.empty();
    }
  }
}

TEST_CASE("a case for a second channel is refused as it is read") {
  const support::ScratchDirectory scratch;
  std::ofstream(scratch.file("x.at")) << "case one\n> AT\n@1 > AT\n";
  CHECK_THROWS_WITH(read_suite(scratch.file("x.at"), read_catalogue(folder)),
                    Catch::Contains("x.at:3: a unit has one channel"));
}

TEST_CASE("titles of a file are told apart") {
  std::set<std::pair<std::string, std::string>> titles;
  for (const auto& each : read_suite(folder / "cases", read_catalogue(folder))) {
    CAPTURE(each.file, each.content.title);
    CHECK(titles.insert({each.file, each.content.title}).second);
  }
}

TEST_CASE("a case is found by its statement, group, clause and file") {
  const auto catalogue = read_catalogue(folder);
  SuiteCase which{"3_3_8_qmtpubex.at", "3.3.8 AT+QMTPUBEX", {}};
  which.content.statements = {"PUB-4", "TIME-1"};
  for (const auto* filter : {"PUB-4", "PUB", "TIME-1", "3.3.8"})
    CHECK(matches(which, filter, catalogue));
  for (const auto* filter : {"PUB-40", "PU", "3.3.1", "SUB", "OPEN-1"})
    CHECK_FALSE(matches(which, filter, catalogue));
}
