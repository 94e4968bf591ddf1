// The language: files into cases, statements to steps, variables, times.
#include "conformance/transcript/escape.hpp"
#include "conformance/transcript/steps.hpp"
#include "tests/support/program.hpp"

#include <fstream>

#include <catch2/catch.hpp>

using namespace transcript;

namespace {

struct File {
  explicit File(const std::string& content) {
    std::ofstream(scratch.file("x.at")) << content;
    std::ofstream(scratch.file("first.steps")) << "# [AB-9] not for the case\n> AT\n< OK\n";
  }
  [[nodiscard]] std::vector<Case> cases() const {
    return read_cases(scratch.file("x.at"), scratch.file(""));
  }

  support::ScratchDirectory scratch;
};

}  // namespace

TEST_CASE("a file without case lines is one case") {
  const auto cases = File("# about it [AB-1]\n> AT\n< OK\n").cases();
  REQUIRE(cases.size() == 1);
  CHECK(cases[0].title.empty());
  CHECK(cases[0].statements == std::vector<std::string>{"AB-1"});
  REQUIRE(cases[0].steps.size() == 2);
  CHECK(cases[0].steps[1].verb == "<");
  CHECK(cases[0].steps[1].rest == "OK");
  CHECK(cases[0].steps[1].line == 3);
}

TEST_CASE("cases have their own statements; what precedes the first is in all of them") {
  const auto cases = File(
                         "when a=b\ncase one\nuse first\n# [AB-1] [CD-x/y]\n> A\n# plain\n> "
                         "B\ncase two\n# [1-5]\n> C\n")
                         .cases();
  REQUIRE(cases.size() == 2);
  CHECK(cases[0].title == "one");
  CHECK(cases[0].statements == std::vector<std::string>{"AB-1", "CD-x/y"});
  REQUIRE(cases[0].steps.size() == 5);
  CHECK(cases[0].steps[0].verb == "when");
  CHECK(cases[0].steps[1].prologue);
  CHECK(cases[0].steps[1].statements.empty());
  CHECK(cases[0].steps[4].statements == cases[0].statements);
  CHECK(cases[1].statements.empty());
  CHECK(cases[1].steps.size() == 2);
}

TEST_CASE("a missing file or prologue is an error that names it") {
  CHECK_THROWS_WITH(read_cases("/no/such.at", "/"), Catch::Contains("/no/such.at"));
  CHECK_THROWS_WITH(File("use nothing\n").cases(), Catch::Contains("nothing.steps"));
}

TEST_CASE("a channel that is none is an error that names its line") {
  for (const auto* line : {"@", "@1", "@12 > AT", "@/ > AT", "@2 > AT", "@-1 > AT", "@ > AT"})
    CHECK_THROWS_WITH(File(std::string("> AT\n") + line + "\n").cases(),
                      Catch::Contains("x.at:2: a step's channel is @0 or @1"));
  CHECK(File("@1 > AT\n").cases()[0].steps[0].channel == 1);
  CHECK(File("@0 \n").cases()[0].steps[0].verb.empty());
}

TEST_CASE("an escape that is none is an error that says what is missing") {
  for (const auto* text : {"\\x", "\\xg1", "\\x1", "\\x-1", "\\x+1", "\\x 1", "\\x0x"})
    CHECK_THROWS_WITH(unescaped(text), Catch::Contains("two hex digits"));
  CHECK(unescaped("\\x0a\\xFF") == "\n\xFF");
  CHECK_THROWS_WITH(unescaped("\\q"), "unknown escape \\q");
  CHECK_THROWS_WITH(unescaped("\\"), "a backslash at the end");
}

TEST_CASE("a time that is none is an error") {
  for (const auto* text :
       {"", "s", "1", "1 s", "-1s", "nans", "infmin", "1e300s", "9e999ms", "367000min min"})
    CHECK_THROWS_AS(duration_of({}, text), Failure);
  CHECK(duration_of({}, "1.5ms") == std::chrono::microseconds(1500));
  CHECK(duration_of({}, "0us") == std::chrono::microseconds(0));
}

TEST_CASE("prologues that use each other without end are an error") {
  const File file("use round\n");
  std::ofstream(file.scratch.file("round.steps")) << "use back\n";
  std::ofstream(file.scratch.file("back.steps")) << "use round\n";
  CHECK_THROWS_WITH(file.cases(), Catch::Contains("use each other without end"));
}

TEST_CASE("variables are replaced, two dollars are one") {
  const auto value = [](const std::string& name) { return "<" + name + ">"; };
  CHECK(expanded("a $b_1,$c", value) == "a <b_1>,<c>");
  CHECK(expanded("${b}c $$d $", value) == "<b>c $d <>");
}

TEST_CASE("times have units") {
  const Step step;
  CHECK(duration_of(step, "250us").count() == 250);
  CHECK(duration_of(step, "1.5s").count() == 1'500'000);
  CHECK(duration_of(step, "2min").count() == 120'000'000);
  for (const auto* wrong : {"", "5", "s", "5 s", "5h", "x"})
    CHECK_THROWS_AS(duration_of(step, wrong), Failure);
}
