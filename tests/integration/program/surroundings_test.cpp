// The program in surroundings that are not as they should be: it goes on working, or says one clear
// line and ends with exit code 2; never anything else.
#include "tests/support/emulator_process.hpp"
#include "tests/support/places.hpp"
#include "tests/support/skip.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

using Options = std::vector<std::string>;

/// The program behind `shell`, which ends in exec "$@".
std::vector<std::string> behind(const std::string& shell, const Options& options) {
  std::vector<std::string> words{"sh", "-c", shell, "sh", binary()};
  words.insert(words.end(), options.begin(), options.end());
  return words;
}

/// Root without the right to read everybody's files.
const std::string as_ordinary_user = "exec setpriv --bounding-set -all --inh-caps -all \"$@\"";

bool one_clear_line(const std::string& said) {
  return said.rfind("eg91xq: ", 0) == 0 && std::count(said.begin(), said.end(), '\n') == 1;
}

std::string last_line(const std::string& said) {
  const auto end = said.empty() ? 0 : said.size() - 1;
  const auto begin = said.rfind('\n', end == 0 ? 0 : end - 1);
  return said.substr(begin == std::string::npos ? 0 : begin + 1);
}

void check_refused(const std::string& shell, const Options& options, const std::string& part) {
  Program program(behind(shell, options));
  CHECK(program.end() == 2);
  INFO(shell << "\n" << program.err());
  CHECK(one_clear_line(program.err()));
  CHECK(program.err().find(part) != std::string::npos);
}

struct Running {
  explicit Running(const std::string& shell, Options options = {})
      : program(behind(shell, with(std::move(options)))) {}

  Options with(Options options) const {
    options.insert(options.end(), {"--port", "pty:" + link, "--latency", "instant"});
    return options;
  }
  bool started() {
    return program.wait([&] { return exists(link) || program.end({}).has_value(); }) &&
           exists(link);
  }
  static bool exists(const std::string& path) {
    return std::filesystem::is_symlink(std::filesystem::symlink_status(path));
  }
  void check_works() {
    REQUIRE(started());
    SerialHost host(link);
    host.send("AT+GSN\r");
    host.read_until("\r\nOK\r\n");
    host.leave();
    CHECK(program.terminate() == 0);
    CHECK_FALSE(exists(link));
  }

  ScratchDirectory scratch;
  std::string link = scratch.file("modem");
  Program program;
};

}  // namespace

TEST_CASE("without what it needs the program says so in one line, exit code 2") {
  const auto [shell, options, part] = GENERATE(table<std::string, Options, std::string>({
      {"exec \"$@\" <&-", {"--port", "stdio"}, "standard input and output"},
      {"exec \"$@\" >&-", {"--port", "stdio"}, "standard input and output"},
      {"XDG_RUNTIME_DIR=/proc exec \"$@\"", {}, "/proc/eg91xq"},
      {"exec \"$@\"", {"--state-dir", "/proc/state"}, "/proc/state"},
      {"exec \"$@\"", {"--trace", "/proc/trace"}, "/proc/trace"},
      {"exec \"$@\"", {"--trace", "/"}, "cannot write the trace to /"},
      {"exec \"$@\"", {"--tls-keylog", "/"}, "cannot write the TLS keys to /"},
      {"exec \"$@\"", {"--ready-file", "/proc/ready"}, "/proc/ready"},
      {"exec \"$@\"", {"--ready-file", "/dev/full"}, "/dev/full"},
      {"exec \"$@\"", {"--ready-file", "/"}, "--ready-file /"},
      {"exec \"$@\"", {"--file", "a=/"}, "a=/"},
      {"exec \"$@\"", {"--file", "a=/proc/self/mem"}, "a=/proc/self/mem"},
      {"exec \"$@\"", {"--scenario", "/"}, "/"},
      {"exec \"$@\"", {"--scenario", "/proc/self/mem"}, "/proc/self/mem"},
      {"exec \"$@\"", {"--config", "/"}, "/"},
      {"exec \"$@\" > /dev/full", {"--help"}, "standard output"},
      {"exec \"$@\" > /dev/full", {"--describe"}, "standard output"},
      {"exec \"$@\" >&-", {"--version"}, "standard output"},
      {"ulimit -f 0; exec \"$@\"", {"--demo-broker", "off", "--ready-file", "ready"}, "ready"},
  }));
  check_refused(shell, options, part);
}

TEST_CASE("without a directory for temporary files it works") {
  const auto* const shell = GENERATE("TMPDIR=/nonexistent exec \"$@\"", "TMPDIR=/proc exec \"$@\"");
  Running(shell).check_works();
}

TEST_CASE("what is there and cannot be read is named with its reason, exit code 2") {
  const ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.file("state"));
  const auto [options, name] = GENERATE(table<Options, std::string>({
      {{"--state-dir", "state"}, "state/settings.json"},
      {{"--state-dir", "state"}, "state/profiles.json"},
      {{"--scenario", "given"}, "given"},
      {{"--config", "given"}, "given"},
      {{"--file", "a=given"}, "given"},
  }));
  const std::string path = scratch.file(name);
  std::string reason;
  SECTION("a directory") {
    std::filesystem::create_directory(path);
    reason = "Is a directory";
  }
  SECTION("a FIFO, which nobody writes to") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    reason = "not a regular file";
  }
  SECTION("a link to itself") {
    std::filesystem::create_symlink(path, path);
    reason = "Too many levels of symbolic links";
  }
  SECTION("a link that leads nowhere") {
    std::filesystem::create_symlink(scratch.file("nowhere"), path);
    reason = "No such file or directory";
  }
  SECTION("another user's file") {
    if (lacks("setpriv")) return;
    std::ofstream(path) << "{}";
    std::filesystem::permissions(path, std::filesystem::perms::none);
    reason = "Permission denied";
  }
  const auto shell = reason == "Permission denied" ? as_ordinary_user : "exec \"$@\"";
  check_refused("cd " + scratch.file("") + "; " + shell, options,
                name + ": cannot be read: " + reason);
  CHECK(std::filesystem::exists(std::filesystem::symlink_status(path)));
}

TEST_CASE("files of the module that another user owns are not taken for none") {
  if (lacks("setpriv")) return;
  const ScratchDirectory scratch;
  std::filesystem::create_directories(scratch.file("state/ufs"));
  std::ofstream(scratch.file("state/ufs/demo_ca.pem")) << "mine";
  const std::string unreadable = GENERATE("state/ufs", "state/ufs/demo_ca.pem");
  const auto mode = std::filesystem::status(scratch.file(unreadable)).permissions();
  std::filesystem::permissions(scratch.file(unreadable), std::filesystem::perms::none);
  check_refused(as_ordinary_user, {"--state-dir", scratch.file("state")},
                unreadable + ": cannot be read: Permission denied");
  std::filesystem::permissions(scratch.file(unreadable), mode);
  CHECK(contents(scratch.file("state/ufs/demo_ca.pem")) == "mine");
}

TEST_CASE("what is odd around the program does not keep it from working") {
  const std::string shell = GENERATE(
      "unset HOME; exec \"$@\"", "HOME=/nonexistent exec \"$@\"",
      "XDG_RUNTIME_DIR=/nonexistent exec \"$@\"", "PATH= exec \"$@\"", "exec env -i \"$@\"",
      "exec \"$@\" > /dev/full", "exec \"$@\" --log-level debug 2> /dev/full",
      "exec \"$@\" --trace /dev/full", "exec \"$@\" <&-", "exec \"$@\" >&-",
      "exec \"$@\" --log-level debug 2>&-", "exec \"$@\" --log-level debug <&- >&- 2>&-",
      "umask 777; exec \"$@\"", "cd /proc/self; exec \"$@\"");
  INFO(shell);
  Running(shell).check_works();
}

TEST_CASE("descriptors 0 to 2 that were closed never become anything else") {
  Running running("exec \"$@\" <&- >&- 2>&-", {"--port", "tcp:127.0.0.1:0"});
  REQUIRE(running.started());
  for (const int descriptor : {0, 1, 2})
    CHECK(std::filesystem::read_symlink(
              fmt::format("/proc/{}/fd/{}", running.program.pid(), descriptor)) == "/dev/null");
  running.check_works();
}

TEST_CASE("with too few descriptors it works or says so, but never crashes") {
  int working = 0;
  for (int limit = 3; limit <= 40; ++limit) {
    Running running(fmt::format("ulimit -n {}; exec \"$@\"", limit));
    CAPTURE(limit, running.program.err());
    if (running.started()) {
      ++working;
      const auto code = running.program.terminate();
      CHECK((code == 0 || code == 2));
    } else {
      // The loader itself needs some.
      const bool loader = running.program.err().find("error while loading") != std::string::npos;
      if (!loader) {
        CHECK(running.program.end() == 2);
        CHECK(last_line(running.program.err()).rfind("eg91xq: ", 0) == 0);
      }
    }
    CHECK_FALSE(Running::exists(running.link));
    // What is lacking is said, and nothing else.
    for (const auto* guess : {"no room", "no port", "no keys", "not a directory"})
      CHECK(running.program.err().find(guess) == std::string::npos);
    std::istringstream lines(running.program.err());
    for (std::string line; std::getline(lines, line);)
      if (line.find("no demo time server: ") != std::string::npos ||
          line.find("flash:") != std::string::npos)
        CHECK_THAT(line, Catch::EndsWith(": Too many open files"));
  }
  CHECK(working > 0);
}

TEST_CASE("on a full disk nothing that is kept makes the program end") {
  const ScratchDirectory scratch;
  Running running("ulimit -f 0; exec \"$@\"",
                  {"--demo-broker", "off", "--state-dir", scratch.file("state")});
  REQUIRE(running.started());
  SerialHost host(running.link);
  host.read_until("+QIND: PB DONE\r\n");
  host.send("ATE0;+CTZU=1;&W\r");
  host.read_until("\r\n");
  // The first change has been taken.
  CHECK(running.program.wait_for_err("what the module stores from now on is refused"));
  for (const auto* change : {"AT+CLCK=\"SC\",1,\"1234\"\r", "AT+CTZU=0\r", "AT&W\r"}) {
    host.send(change);
    host.read_until("\r\n+CME ERROR: 23\r\n");
  }
  host.send("AT+QFUPL=\"a\",3\r");
  host.read_until("\r\n");
  host.send("abc\rAT+CGSN\r");
  host.read_until("OK\r\n");
  host.leave();
  CHECK(running.program.terminate() == 0);
}

TEST_CASE("the command behind -- has the proxy settings that the modem does not heed") {
  Program program({binary(), "--demo-broker", "off", "--", "env"},
                  {{"http_proxy", "http://proxy:3128"}, {"MQTT_C_CLIENT_TRACE", "/dev/null"}});
  CHECK(program.end() == 0);
  CHECK(program.out().find("http_proxy=http://proxy:3128\n") != std::string::npos);
  CHECK(program.out().find("MQTT_C_CLIENT_TRACE=/dev/null\n") != std::string::npos);
}
