// Runs that would last: how far they are, how they end early, and units that keep the suite
// waiting.
#include "tests/integration/conformance/half_deaf_unit.hpp"
#include "tests/integration/conformance/suite_run.hpp"
#include "tests/support/places.hpp"
#include "tests/support/skip.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace support;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a quick run does not wait out what the unit let pass three times, and says so") {
  const HalfDeafUnit unit;
  const ScratchDirectory scratch;
  const auto run = run_suite({"--port", unit.port(), "--quick", "--filter", "CLOSE-1", "--report",
                              scratch.file("report.html")});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(has(run.out, "quick: answer of +QMTCLOSE: not within 1.0 s, so "));
  CHECK(has(run.out, " times waited for only 0.3 s\n"));
  CHECK(has(contents(scratch.file("report.html")), "answer of +QMTCLOSE: not within 1.0 s"));
}

TEST_CASE("a quick run waits in a clean-up only once for what the unit lets pass") {
  const HalfDeafUnit unit(HalfDeafUnit::Kind::echoes_and_agrees);
  const auto run =
      run_suite({"--port", unit.port(), "--quick", "--timeout-scale", "0.1", "--filter", "UNS-2"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  // Six clients before the first case and after each of three, the first one excepted.
  CHECK(has(run.out,
            "quick: result of +QMTCLOSE: not within 3.0 s, so 23 times waited for only 0.3 s\n"));
}

TEST_CASE("a failure that was not waited for as long as the unit may take is inconclusive") {
  const HalfDeafUnit unit;
  const ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.file("cases"));
  for (const auto* name : {"statements.csv", "limits.csv", "profiles"})
    std::filesystem::copy(in_tree("conformance/") + name, scratch.file(name),
                          std::filesystem::copy_options::recursive);
  std::ofstream cases(scratch.file("cases/four.at"));
  cases << "# 3.3.3\n";
  for (int i = 0; i < 4; ++i)
    cases << "case " << i << "\n# [CLOSE-1]\n> AT+QMTCLOSE=?\n< +QMTCLOSE: (0-5)\n< OK\n";
  cases.close();
  const auto run = run_suite(
      {"--port", unit.port(), "--quick", "--timeout-scale", "2", "--data", scratch.file("")});
  CAPTURE(run.out, run.err);
  // The first clean-up has missed it once.
  CHECK(has(run.out, "4 cases: 0 pass, 2 fail, 2 inconclusive"));
  CHECK(has(run.out, "it was missed before, so 0.3 s were waited for, not 2.1 s"));
}

TEST_CASE("a quick run judges a unit that keeps its limits as any other") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const auto run = run_suite({"--port", unit_port(emulator), "--profile", instant_profile,
                              "--quick", "--filter", "CLOSE", "--filter", "SUB"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK_FALSE(has(run.out, "quick:"));
}

TEST_CASE("when its time is over a run ends, and what is left is reported as not run") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  const auto run = run_suite({"--port", unit_port(emulator), "--profile", instant_profile,
                              "--max-time", "1.5", "--filter", "TIME", "--junit",
                              scratch.file("junit.xml"), "--report", scratch.file("report.html")});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 3);
  CHECK(has(run.out, "ended early: the time of --max-time is over"));
  CHECK(has(run.out, "not run"));
  CHECK(has(contents(scratch.file("junit.xml")), "not run: the time of --max-time is over"));
  CHECK(has(contents(scratch.file("report.html")), "not run"));
}

TEST_CASE("on a terminal the status is one line that is written over") {
  if (lacks("script")) return;
  const EmulatorProcess emulator({"--demo-broker", "off"});
  Program terminal({"script", "-qec",
                    std::string(EG91XQ_CONFORMANCE) + " --port " + unit_port(emulator) +
                        " --profile " + instant_profile + " --quiet --filter CLOSE",
                    "/dev/null"},
                   {{"CI", ""}});
  const auto code = terminal.end();
  const auto& out = terminal.out();
  CAPTURE(out);
  CHECK(code == 0);
  CHECK(has(out, "\r\x1b[K1/8 done, 0 failed, about "));
  CHECK(has(out, "\r\x1b[K7/8 done, 0 failed, about "));
  const auto summary = out.find("clause");
  REQUIRE(summary != std::string::npos);
  CHECK(std::count(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(summary), '\n') == 1);
}
