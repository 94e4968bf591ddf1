// What a unit claims: profiles that are taken, and what is refused with its line.
#include "conformance/run/profile.hpp"

#include "conformance/run/suite.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace conformance;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

const KnownClaims known{{"cmux", {"yes"}}, {"disc-stat", {"off", "on"}}, {"size", {"127"}}};

Profile profile_of(const std::string& text) {
  const support::ScratchDirectory scratch;
  std::ofstream(scratch.file("x.toml")) << text;
  return read_profile(scratch.file("x.toml"), known);
}

/// What is said of it, without the file's name.
std::string wrong_with(const std::string& text) {
  const support::ScratchDirectory scratch;
  const auto file = scratch.file("x.toml");
  std::ofstream(file) << text;
  try {
    read_profile(file, known);
  } catch (const std::runtime_error& error) {
    const std::string what = error.what();
    const auto start = "profile " + file;
    REQUIRE(what.substr(0, start.size()) == start);
    return what.substr(start.size());
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a profile is read whole") {
  const auto profile = profile_of(
      "unit = \"mine\"\ntimer_late_ms = 90\nsetup = [\"AT+A=1,\\\"b\\\"\", \"AT+C\"]\n"
      "aside = [\"+X:\"]\n[claims]\ndisc-stat = \"off\"\n");
  CHECK(profile.unit == "mine");
  CHECK(profile.timer_early == 150ms);
  CHECK(profile.timer_late == 90ms);
  CHECK(profile.setup == Texts{"AT+A=1,\"b\"", "AT+C"});
  CHECK(profile.aside == Texts{"+X:"});
  CHECK(profile.claims_that("disc-stat", "off"));
  CHECK_FALSE(profile.claims_that("disc-stat", "on"));
  CHECK_FALSE(profile.claims_that("cmux", ""));
}

TEST_CASE("a profile is TOML, with numbers as claims and lists of one") {
  const auto profile = profile_of(
      "# mine\r\n\r\n  unit='a # \"b\"' # c\r\nsetup = [ # d\r\n  \"AT\", # e\r\n\r\n 'AT\\x',\r\n"
      "] # f\r\ntimer_early_ms = 0\r\naside = \"+X:\"\r\n[ claims ] # g\r\n\tsize\t=\t127");
  CHECK(profile.unit == "a # \"b\"");
  CHECK(profile.setup == Texts{"AT", "AT\\x"});
  CHECK(profile.timer_early == 0ms);
  CHECK(profile.aside == Texts{"+X:"});
  CHECK(profile.claims_that("size", "127"));
}

TEST_CASE("a claim that nobody asks for is refused with its line and what there is") {
  CHECK(wrong_with("unit = \"x\"\n[claims]\n\ncmuxx = \"yes\"\n") ==
        ":4: no claim cmuxx; there are cmux, disc-stat, size");
  CHECK(wrong_with("unit = \"x\"\n[claims]\ncmux = \"ye\"\n") ==
        ":3: cmux can be \"yes\", or left out, and not \"ye\"");
  CHECK(wrong_with("unit = \"x\"\n[claims]\ncmux = 5\n") ==
        ":3: cmux can be \"yes\", or left out, and not \"5\"");
  CHECK(wrong_with("unit = \"x\"\n[claims]\ndisc-stat = \"\"\n") ==
        ":3: disc-stat can be \"off\" or \"on\", or left out, and not \"\"");
  CHECK(wrong_with("unit = \"x\"\ncmux = \"yes\"\n") ==
        ":2: cmux is a claim: it goes below [claims]");
  CHECK(wrong_with("unit = \"x\"\n[claims]\ncmux = [\"yes\"]\n") == ":3: cmux is a text in quotes");
}

TEST_CASE("what is no TOML is refused with its line") {
  const auto line_of = [](const std::string& text) {
    const auto wrong = wrong_with(text);
    return wrong.substr(0, wrong.find(": "));
  };
  CHECK(line_of("{\n  \"unit\": \"x\"\n}\n") == ":1");
  CHECK(line_of("unit = \"x\"\n\ncmux\n") == ":3");
  CHECK(line_of("unit = \"x\"\nsetup = [\n\"a\",\n]\n[claims]\ncmux: yes\n") == ":6");
  CHECK(line_of("unit = \"x\"\nunit = \"y\"\n") == ":2");
  CHECK(line_of("unit = \"x\"\n[claims]\ncmux = yes\n") == ":3");
  for (const auto* line : {"= 1", "a b = 1", "unit =", "unit = \"x", "unit = \"x\" y", "setup = ["})
    CHECK(line_of(line).starts_with(":1"));
}

TEST_CASE("a key or section that there is not, and a number that is none are refused") {
  CHECK(wrong_with("unit = \"x\"\ncolour = 1\n") ==
        ":2: no key colour; there are unit, timer_early_ms, timer_late_ms, setup, aside and "
        "[claims]");
  CHECK(wrong_with("unit = \"x\"\n[claim]\n").starts_with(":2: no key claim; there are unit"));
  CHECK(wrong_with("unit = \"x\"\n[[claims]]\n") == ":2: claims is a section, [claims]");
  CHECK(wrong_with("unit = true\n") == ":1: unit is a text in quotes");
  CHECK(wrong_with("unit = \"x\"\nsetup = [\n\"a\",\n[]]\n") == ":4: setup is a text in quotes");
  for (const std::string number : {"\"soon\"", "-1", "1.5", "86400001"})
    CHECK(wrong_with("unit = \"x\"\ntimer_late_ms = " + number + "\n") ==
          ":2: timer_late_ms is a number of milliseconds, 0 to 86400000");
}

TEST_CASE("what has no unit is no profile, and what cannot be read is none") {
  const std::string lacks = ": lacks unit = \"NAME\", so it is no profile";
  for (const auto* text : {"", "\n", "# unit = \"x\"\n", "[claims]\ncmux = \"yes\"\n"})
    CHECK(wrong_with(text) == lacks);
  CHECK_THROWS_WITH(read_profile("/dev/null", known), "profile /dev/null" + lacks);
  CHECK_THROWS_WITH(read_profile("/dev/zero", known),
                    "profile /dev/zero: has more than 1048576 bytes");
  CHECK_THROWS_WITH(read_profile("/none", known), "profile /none: cannot be read");
  CHECK_THROWS_WITH(read_profile("/", known), "profile /: cannot be read");
}

TEST_CASE("what can be claimed is what cases ask for") {
  const support::ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.file("prologue"));
  std::ofstream(scratch.file("prologue/p.steps")) << "when c=3\n";
  std::ofstream(scratch.file("x.at")) << "when a=1\ncase one\nuse p\n> AT\ncase two\nwhen a=2\n"
                                         "when b\n> AT when=7\n";
  std::ofstream(scratch.file("y.at")) << "when d=x=y\n> AT\n";
  std::ofstream(scratch.file("z.txt")) << "when e=1\n";
  CHECK(known_claims({}) == KnownClaims{{"cmux", {"yes"}}});
  CHECK(known_claims({scratch.file("x.at"), scratch.file("none"), ""}) ==
        KnownClaims{{"a", {"1", "2"}}, {"c", {"3"}}, {"cmux", {"yes"}}});
  CHECK(known_claims({scratch.file("")}) ==
        KnownClaims{{"a", {"1", "2"}}, {"c", {"3"}}, {"cmux", {"yes"}}, {"d", {"x=y"}}});
}

TEST_CASE("every profile that comes with the suite claims what its cases ask for") {
  const std::filesystem::path folder = support::in_tree("conformance");
  const auto of_cases = known_claims({folder / "cases"});
  CHECK(of_cases.at("disc-stat") == std::set<std::string>{"off", "on"});
  CHECK(of_cases.at("slow") == std::set<std::string>{"yes"});
  int profiles = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "profiles")) {
    CAPTURE(entry.path().string());
    const auto profile = read_profile(entry.path(), of_cases);
    CHECK(profile.unit == "eg91xq emulator");
    CHECK(profile.claims.size() == 35);
    CHECK(profile.claims_that("ppp", "yes"));
    ++profiles;
  }
  CHECK(profiles == 2);
}
