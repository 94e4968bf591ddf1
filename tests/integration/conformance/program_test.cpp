// What the conformance program does for its user: options, reports, interruption, boards that die.
#include "tests/integration/conformance/suite_run.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

/// Two cases that pass in milliseconds.
const std::vector<std::string> quick{"--filter", "PUB-1", "--filter", "SUB-1"};

SuiteRun run_with(const EmulatorProcess& emulator, std::vector<std::string> options) {
  options.insert(options.begin(), {"--port", unit_port(emulator), "--profile", instant_profile});
  return run_suite(options);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("bad options are one line on standard error and exit code 2") {
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"--port", "tcp:7000"},
      {"--port", "/dev/null", "--nonsense"},
      {"--port", "/dev/null", "--report", "x.pdf"},
      {"--port", "/dev/null", "--timeout-scale", "0"},
      {"--port", "/dev/null", "--profile", "/no/such/file"},
      {"--port", "/dev/null", "--record", "x.at"},
      {"--port", "/dev/null", "--other", "/dev/null"},
      {"--port", "/dev/null", "--filter", "NONE-1"},
      {"--port", "/dev/null", "--broker-host", "203.0.113.1", "--filter", "PUB-1"},
      {"--port", "/dev/null", "--profile", "/dev/null"},
      {"--port", "/dev/null", "--broker-host", "no-such-host.invalid"},
      {"--list", "--data", "/no/such/folder"}};
  for (const auto& options : wrong) {
    CAPTURE(fmt::format("{}", fmt::join(options, " ")));
    const auto run = run_suite(options);
    CAPTURE(run.out, run.err);
    CHECK(run.code == 2);
    CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
    CHECK(run.err.rfind("eg91xq-conformance: ", 0) == 0);
  }
}

TEST_CASE("an address that is none, or not ours, is named with its option") {
  const std::string other = "; --bind says where our brokers listen\n";
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--broker-host", ""}, "--broker-host: must be an address or the name of a host, not ''\n"},
      {{"--broker-host", "a b"},
       "--broker-host: must be an address or the name of a host, not 'a b'\n"},
      {{"--broker-host", "203.0.113.1"},
       "--broker-host 203.0.113.1: Cannot assign requested address" + other},
      {{"--bind", "203.0.113.1"}, "--bind 203.0.113.1: Cannot assign requested address\n"},
      {{"--bind", "localhost"}, "--bind: must be an address of this machine, not 'localhost'\n"},
      {{"--bind", ""}, "--bind: must be an address of this machine, not ''\n"}};
  for (auto [options, said] : wrong) {
    options.insert(options.end(), {"--port", "/dev/null"});
    const auto run = run_suite(options);
    CHECK(run.code == 2);
    CHECK(run.err == "eg91xq-conformance: " + said);
  }
}

TEST_CASE("a unit may be told a name, which may be one that only it can resolve") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const auto named =
      run_with(emulator, {"--broker-host", "localhost", "--filter", "PUB-4", "--filter", "FTP-7"});
  CAPTURE(named.out, named.err);
  CHECK(named.code == 0);
  const EmulatorProcess resolving({"--demo-broker", "off", "--resolve", "suite.invalid=127.0.0.1"});
  const auto elsewhere = run_with(
      resolving, {"--broker-host", "suite.invalid", "--bind", "127.0.0.1", "--filter", "PUB-4"});
  CAPTURE(elsewhere.out, elsewhere.err);
  CHECK(elsewhere.code == 0);
}

TEST_CASE("a slip in a profile is named with its line, and no case plays") {
  const ScratchDirectory scratch;
  const auto file = scratch.file("x.toml");
  std::ofstream(file) << "unit = \"x\"\n[claims]\nuns-value = \"cuont\"\n";
  for (const auto* option : {"--list", "--tap"}) {
    const auto run = run_suite({"--port", "/dev/null", option, "--profile", file});
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CHECK(run.err == "eg91xq-conformance: profile " + file +
                         ":3: uns-value can be \"count\" or \"none\", or left out, and not "
                         "\"cuont\"\n");
  }
}

TEST_CASE("an option with a slip in it is answered with the one that is meant") {
  const auto run = run_suite({"--prot", "/dev/null"});
  CHECK(run.code == 2);
  CHECK(run.err == "eg91xq-conformance: --prot: unknown option; did you mean --port?\n");
}

TEST_CASE("the list names every case with its statements, and needs no unit") {
  const auto run = run_suite({"--list", "--filter", "PUB-1"});
  CHECK(run.code == 0);
  CHECK(has(run.out, "3_3_8_qmtpubex.at:"));
  CHECK(has(run.out, "[PUB-1]"));
  CHECK_FALSE(has(run.out, "[CLOSE-1]"));
}

TEST_CASE("every kind of report is written") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  for (const auto* ending : {".html", ".md"}) {
    auto options = quick;
    options.insert(options.end(), {"--report", scratch.file("report") + ending, "--junit",
                                   scratch.file("junit.xml"), "--tap"});
    const auto run = run_with(emulator, options);
    CAPTURE(run.out, run.err);
    CHECK(run.code == 0);
    CHECK(has(run.out, "TAP version 13\n1..2\n"));
    CHECK(has(contents(scratch.file("report") + ending), "Conformance of eg91xq emulator"));
    CHECK(has(contents(scratch.file("report") + ending), "EG916QGLLGR01A05M04"));
    CHECK(has(contents(scratch.file("junit.xml")), "tests=\"2\" failures=\"0\""));
  }
}

TEST_CASE("a unit that claims what it does not do fails, with the bytes and the statement") {
  const EmulatorProcess emulator({"--demo-broker", "off", "--knob", "uns-value=none"});
  const auto run = run_with(emulator, {"--filter", "UNS-2"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(has(run.out, "fail         UNS-2"));
  CHECK(has(run.out, "expected \\r\\n+QMTUNS: 0,"));
}

TEST_CASE("where only cases are chosen that do not apply, nothing was judged") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  std::ofstream(scratch.file("profile.toml")) << "unit = \"without claims\"\n";
  const auto run = run_suite({"--port", unit_port(emulator), "--profile",
                              scratch.file("profile.toml"), "--filter", "PUB-12"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 3);
  CHECK(has(run.out, "not applicable"));
  CHECK(has(run.out, " 0 pass, 0 fail, 0 inconclusive"));
}

TEST_CASE("a port where nobody answers is said, not waited for") {
  const ScratchDirectory scratch;
  const auto line = scratch.file("line");
  Program socat({"socat", "PTY,link=" + line + ",rawer", "PTY,rawer"});
  REQUIRE(socat.wait([&] { return std::filesystem::exists(line); }));
  const auto run = run_suite({"--port", line, "--timeout-scale", "0.01", "--filter", "PUB-1"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 3);
  CHECK(has(run.out, "ended early: the unit does not answer AT"));
  CHECK(has(run.out, "1 cases: 0 pass, 0 fail, 0 inconclusive, 0 not applicable, 1 not run"));
}

TEST_CASE("a run in which no case can begin is no success") {
  const ScratchDirectory scratch;
  std::ofstream(scratch.file("no_service.json")) << R"({"service": "none"})";
  const EmulatorProcess emulator(
      {"--demo-broker", "off", "--scenario", scratch.file("no_service.json")});
  const auto run = run_with(emulator, {"--filter", "RECV-2"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 3);
  CHECK(has(run.out, "0 pass, 0 fail, 2 inconclusive"));
}

TEST_CASE("the table of times holds commands of the manual, and none typed wrong on purpose") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  const auto file = scratch.file("report.html");
  const auto run = run_with(emulator, {"--filter", "3.1.2", "--filter", "PUB-1", "--report", file});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  const auto report = contents(file);
  const auto from = report.find("Times</h2>");
  const auto times = report.substr(from, report.find("Statements</h2>", from) - from);
  CAPTURE(times);
  for (const auto* command : {"+QMTCFG <", "+QMTPUBEX <", "+CMEE <", "+GMI <"})
    CHECK(has(times, command));
  for (const auto* wrong : {"+QMTNONE", "+QMTCON <", "+QMTOPEM", "%X", "+QMTPUBEXX", "-0.0"})
    CHECK_FALSE(has(times, wrong));
}

TEST_CASE("a unit that dies in the middle is reported with what was reached") {
  EmulatorProcess emulator({"--demo-broker", "off", "--port", "tcp:0"});
  Program suite({EG91XQ_CONFORMANCE, "--port", unit_port(emulator), "--profile", instant_profile,
                 "--filter", "PUB"},
                {{"CI", ""}});
  REQUIRE(suite.wait_for_out(" pass "));
  emulator.kill();
  CHECK(suite.end() == 1);
  CAPTURE(suite.out());
  CHECK(has(suite.out(), "ended early: the port"));
  CHECK(has(suite.out(), "3.3.8 AT+QMTPUBEX"));
}

TEST_CASE("Ctrl-C gives the report so far") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  const auto report = scratch.file("report.html");
  Program suite({EG91XQ_CONFORMANCE, "--port", unit_port(emulator), "--profile", instant_profile,
                 "--filter", "PUB", "--report", report},
                {{"CI", ""}});
  REQUIRE(suite.wait_for_out(" pass "));
  suite.signal(SIGINT);
  CHECK(suite.end() == 3);
  CAPTURE(suite.out());
  CHECK(has(suite.out(), "ended early: interrupted"));
  CHECK(has(contents(report), "ended early"));
}

TEST_CASE("in CI only failures and the summary are said") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  Program suite({EG91XQ_CONFORMANCE, "--port", unit_port(emulator), "--profile", instant_profile,
                 "--filter", "PUB-1"},
                {{"CI", "true"}});
  CHECK(suite.end() == 0);
  CHECK_FALSE(has(suite.out(), "3_3_8_qmtpubex.at"));
  CHECK(has(suite.out(), "1 cases: 1 pass"));
}
