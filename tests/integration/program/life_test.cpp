// The life of the program: how it tells that it is ready, ends, and what it leaves behind.
#include "tests/support/emulator_process.hpp"
#include "tests/support/places.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/slowness.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t end_limit_ms = 200;
constexpr std::int64_t start_limit_ms = 500;
#ifdef __OPTIMIZE__
constexpr std::int64_t resident_limit_kb = 10'240;
#else
constexpr std::int64_t resident_limit_kb = 40'000;
#endif

bool exists(const std::string& path) {
  return std::filesystem::exists(std::filesystem::symlink_status(path));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("the ready lines and the ready file name what there is") {
  EmulatorProcess emulator({"--port", "pty", "--port", "tcp:127.0.0.1:0"});
  const auto& ready = emulator.ready();
  CHECK(ready.at("pid") == emulator.pid());
  CHECK(ready.at("ports").at(0).at("kind") == "pty");
  CHECK(ready.at("ports").at(1).at("kind") == "tcp");
  CHECK(ready.at("broker").at("host") == "127.0.0.1");
  const auto lines = lines_of(emulator.program().out());
  REQUIRE(lines.size() == 6);
  CHECK_THAT(lines[0], Catch::StartsWith("port pty " + emulator.port(0)));
  CHECK_THAT(lines[1], Catch::StartsWith("port tcp " + emulator.port(1)));
  CHECK_THAT(lines[2],
             Catch::StartsWith(fmt::format("broker 127.0.0.1:{}", emulator.broker_port())));
  CHECK_THAT(lines[3], Catch::StartsWith("http 127.0.0.1:"));
  CHECK_THAT(lines[4], Catch::StartsWith("echo 127.0.0.1:"));
  CHECK(lines[5] == "ready");
  CHECK(emulator.program().err().empty());
}

TEST_CASE("a signal ends the program quickly and nothing is left") {
  const int signal = GENERATE(SIGTERM, SIGINT);
  EmulatorProcess emulator;
  SerialHost host(emulator.port());
  host.expect(boot_text);
  const auto link = emulator.port();
  const auto broker = emulator.broker_pid();
  const auto directory = emulator.broker_directory();
  REQUIRE(broker > 0);
  REQUIRE(exists(directory));
  REQUIRE(exists(link));
  const auto start = std::chrono::steady_clock::now();
  emulator.program().signal(signal);
  CHECK(emulator.program().end() == 0);
  const auto took = ms_since(start);
  CHECK(took < slowed(end_limit_ms));
  CHECK(ends(broker, 0ms));
  CHECK_FALSE(exists(directory));
  CHECK_FALSE(exists(link));
  CHECK_FALSE(exists(emulator.ready_file()));
}

TEST_CASE("a signal ends the program quickly with clients connected") {
  Session session;
  for (int client = 0; client < 6; ++client)
    session.connect(client, session.emulator.broker_port(), fmt::format("c{}", client));
  const auto start = std::chrono::steady_clock::now();
  CHECK(session.emulator.program().terminate() == 0);
  const auto took = ms_since(start);
  CHECK(took < slowed(end_limit_ms));
}

TEST_CASE("the broker dies with an emulator that is killed") {
  EmulatorProcess emulator;
  const auto broker = emulator.broker_pid();
  REQUIRE(broker > 0);
  emulator.kill();
  CHECK(emulator.program().end() == 128 + SIGKILL);
  CHECK(ends(broker));
}

TEST_CASE("a command behind -- finds the modem in its environment; its exit code is ours") {
  const std::string script = R"(exec 3<>"$MODEM_PORT"
printf 'AT\r' >&3
while read -r line <&3; do
  case "$line" in OK*) echo "$MODEM_PORT $MODEM_BROKER_HOST:$MODEM_BROKER_PORT"; exit 7;; esac
done)";
  Program program({binary(), "--latency", "instant", "--", "sh", "-c", script});
  CHECK(program.end() == 7);
  const auto said = program.out().substr(0, program.out().find('\n'));
  const auto space = said.find(' ');
  REQUIRE(space != std::string::npos);
  const auto lines = lines_of(program.err());
  REQUIRE(lines.size() == 5);
  CHECK_THAT(lines[0], Catch::StartsWith("port pty " + said.substr(0, space)));
  CHECK_THAT(lines[1], Catch::StartsWith("broker " + said.substr(space + 1)));
  CHECK(lines[4] == "ready\r");
  CHECK_FALSE(exists(said.substr(0, space)));
}

TEST_CASE("a command that is not there is exit code 127") {
  Program program({binary(), "--demo-broker", "off", "--", "no-such-command"});
  CHECK(program.end() == 127);
}

TEST_CASE("two emulators side by side") {
  Session one;
  Session two;
  CHECK(one.emulator.port() != two.emulator.port());
  one.connect(0, one.emulator.broker_port(), "same");
  two.connect(0, two.emulator.broker_port(), "same");
  one.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
}

TEST_CASE("without a mosquitto the modem runs, and says so") {
  const ScratchDirectory scratch;
  const auto port = scratch.file("modem");
  // The places where one is looked for are empty directories for this program.
  Program hidden({"unshare", "--mount", "--map-root-user", "sh", "-c",
                  "for d in /usr/sbin /usr/local/sbin; do mount -t tmpfs none $d || exit 77; done; "
                  "PATH= exec \"$@\"",
                  "sh", binary(), "--port", "pty:" + port, "--latency", "instant"});
  const bool ready = hidden.wait_for_out("ready\n");
  constexpr int unshare_failed = 1;
  const auto ended = hidden.end({});
  if (ended == 77 || ended == unshare_failed) return skip("no right to make mount namespaces");
  REQUIRE(ready);
  CHECK(hidden.out().find("broker none\n") != std::string::npos);
  CHECK(hidden.wait_for_err("no demo broker: no mosquitto found"));
  SerialHost host(port);
  host.expect(boot_text);
  host.send("AT+QMTOPEN=0,\"broker.demo\",1883\r");
  host.read_until("\r\n+QMTOPEN: 0,4\r\n");
  host.leave();
  CHECK(hidden.terminate() == 0);
}

TEST_CASE("start, first answer and memory") {
  const auto start = std::chrono::steady_clock::now();
  EmulatorProcess emulator;
  const auto ready = ms_since(start);
  SerialHost host(emulator.port());
  const auto opened = std::chrono::steady_clock::now();
  host.send("AT\r");
  host.read_until("OK\r\n");
  const auto answered = ms_since(opened);
  const auto resident = emulator.resident();
  WARN("ready after " << ready << " ms (aim 100), first OK after " << answered
                      << " ms (aim 50), resident " << resident << " kB (aim 10240)");
  CHECK(ready < slowed(start_limit_ms));
  CHECK(answered < slowed(start_limit_ms));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(resident < resident_limit_kb);
#endif
}
