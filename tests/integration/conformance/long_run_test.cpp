// Runs that would last: how far they are, how they end early, and units that keep the suite
// waiting.
#include "tests/integration/conformance/half_deaf_unit.hpp"
#include "tests/integration/conformance/suite_run.hpp"
#include "tests/support/skip.hpp"

#include <algorithm>

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

TEST_CASE("a failure that was not waited for as long as the unit may take is inconclusive") {
  const HalfDeafUnit unit;
  const auto run =
      run_suite({"--port", unit.port(), "--quick", "--timeout-scale", "2", "--filter", "CLOSE-1"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 3);
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
