// Where the conformance program puts what it has found: files that the user names, which may be no
// files, and standard output, which may be full or closed.
#include "tests/integration/conformance/suite_run.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
namespace fs = std::filesystem;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// One case that passes in milliseconds.
SuiteRun run_with(const EmulatorProcess& emulator, std::vector<std::string> options) {
  options.insert(options.begin(), {"--port", unit_port(emulator), "--profile", instant_profile,
                                   "--filter", "PUB-1"});
  return run_suite(options);
}

/// The same with `redirection` of a shell.
SuiteRun run_in_shell(const EmulatorProcess& emulator, const std::string& options,
                      const std::string& redirection) {
  Program shell(
      {"sh", "-c",
       fmt::format("exec {} --port {} --profile {} --filter PUB-1 {} {}", EG91XQ_CONFORMANCE,
                   unit_port(emulator), instant_profile, options, redirection)},
      {{"CI", ""}});
  const auto code = shell.end(suite_limit);
  return {code, shell.out(), shell.err()};
}

void check_complaint(const SuiteRun& run, const std::string& about) {
  CAPTURE(run.out, run.err);
  CHECK(run.code == 2);
  CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
  CHECK(run.err.rfind("eg91xq-conformance: cannot write ", 0) == 0);
  CHECK(has(run.err, about));
}

std::size_t entries_of(const std::string& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a report goes through a FIFO, which stays one") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  for (const auto* option : {"--report", "--junit"}) {
    const auto fifo = scratch.file(fmt::format("{}.html", option));
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    Program reader({"cat", fifo});
    const auto run = run_with(emulator, {option, fifo});
    CAPTURE(run.out, run.err);
    CHECK(run.code == 0);
    REQUIRE(fs::is_fifo(fifo));
    CHECK(reader.end() == 0);
    CHECK(has(reader.out(), "eg91xq emulator"));
  }
  CHECK(entries_of(scratch.file("")) == 2);
}

TEST_CASE("a device that takes nothing is a complaint, and stays a device") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  const auto full = scratch.file("full.html");
  fs::create_symlink("/dev/full", full);
  for (const auto* option : {"--report", "--junit"}) {
    const auto other = scratch.file("other.html");
    const auto* other_option = std::string(option) == "--junit" ? "--report" : "--junit";
    const auto run = run_with(emulator, {option, full, other_option, other});
    check_complaint(run, full + ": No space left on device");
    CHECK(has(run.out, "1 cases: 1 pass"));
    CHECK(fs::is_symlink(full));
    CHECK(has(contents(other), "eg91xq emulator"));
    fs::remove(other);
  }
  CHECK(fs::is_character_file("/dev/full"));
  CHECK(entries_of(scratch.file("")) == 1);
}

TEST_CASE("a file that cannot be written is found before anything else begins") {
  const ScratchDirectory scratch;
  fs::create_symlink("nowhere/x.md", scratch.file("astray.md"));
  fs::create_directory(scratch.file("folder.md"));
  for (const std::string& file :
       {std::string("/nonexistent/x.md"), scratch.file("astray.md"), scratch.file("folder.md")})
    for (const auto* option : {"--report", "--junit", "--record"}) {
      CAPTURE(file, option);
      std::vector<std::string> options{"--port", "tcp:203.0.113.1:1", option, file};
      if (std::string(option) == "--record") options.insert(options.end(), {"--through", "pty"});
      const auto run = run_suite(options);
      check_complaint(run, file + ": ");
      CHECK(run.out.empty());
    }
  CHECK(entries_of(scratch.file("")) == 2);
}

TEST_CASE("a link that leads to a device is not replaced by the port of a recorder") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  const auto link = scratch.file("link");
  fs::create_symlink("/dev/full", link);
  const auto run = run_suite({"--port", unit_port(emulator), "--record", scratch.file("x.at"),
                              "--through", "pty:" + link});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 2);
  CHECK(fs::read_symlink(link) == "/dev/full");
}

TEST_CASE("a report replaces the file that a link leads to, and not the link") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  fs::create_directory(scratch.file("kept"));
  std::ofstream(scratch.file("kept/old.md")) << "old";
  fs::create_symlink("kept/old.md", scratch.file("old.md"));
  fs::create_symlink("kept/new.xml", scratch.file("new.xml"));
  const auto run =
      run_with(emulator, {"--report", scratch.file("old.md"), "--junit", scratch.file("new.xml")});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(fs::is_symlink(scratch.file("old.md")));
  CHECK(has(contents(scratch.file("kept/old.md")), "# Conformance of"));
  CHECK(fs::is_symlink(scratch.file("new.xml")));
  CHECK(has(contents(scratch.file("kept/new.xml")), "<testsuites>"));
  CHECK(entries_of(scratch.file("kept")) == 2);
}

TEST_CASE("what standard output does not take is a complaint") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  const auto report = scratch.file("report.md");
  for (const auto* options : {"--tap", "--quiet", ""})
    for (const auto* where : {"> /dev/full", ">&-"}) {
      CAPTURE(options, where);
      const auto run = run_in_shell(emulator, std::string(options) + " --report " + report, where);
      check_complaint(run, "standard output");
      CHECK(has(contents(report), "# Conformance of"));
      fs::remove(report);
    }
  for (const auto* options : {"--list", "--help", "--version"})
    for (const auto* where : {"> /dev/full", ">&-"}) {
      CAPTURE(options, where);
      check_complaint(run_in_shell(emulator, options, where), "standard output");
    }
}

TEST_CASE("without standard error the exit code says it alone") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  CHECK(run_in_shell(emulator, "--nonsense", "2>&-").code == 2);
  CHECK(run_in_shell(emulator, "--report /nonexistent/x.md", "2>&-").code == 2);
  CHECK(run_in_shell(emulator, "--list", "> /dev/full 2> /dev/full").code == 2);
}

TEST_CASE("a reader that leaves a list wants no more of it, which is no complaint") {
  for (const auto* option : {"--list", "--help"}) {
    Program shell(
        {"bash", "-c",
         fmt::format("{} {} | true; exit ${{PIPESTATUS[0]}}", EG91XQ_CONFORMANCE, option)});
    CHECK(shell.end() == 0);
    CHECK(shell.err().empty());
  }
}

TEST_CASE("a reader of standard output that leaves ends the run, with the report so far") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  const auto report = scratch.file("report.md");
  Program shell({"bash", "-c",
                 fmt::format("{} --port {} --profile {} --filter PUB --report {} | head -n 1; "
                             "exit ${{PIPESTATUS[0]}}",
                             EG91XQ_CONFORMANCE, unit_port(emulator), instant_profile, report)},
                {{"CI", ""}});
  const auto code = shell.end(suite_limit);
  check_complaint({code, shell.out(), shell.err()}, "standard output");
  CHECK(has(contents(report), "Ended early: standard output"));
}
