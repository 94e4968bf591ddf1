// The command line: what the program prints and refuses.
#include "tests/support/emulator_process.hpp"
#include "tests/support/places.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace support;

namespace {

using Options = std::vector<std::string>;

struct Ended {
  explicit Ended(const Options& options) {
    Options words{binary()};
    words.insert(words.end(), options.begin(), options.end());
    Program program(words);
    code = program.end();
    out = program.out();
    err = program.err();
  }
  std::optional<int> code;
  std::string out;
  std::string err;
};

void check_refused(const Options& options, const std::string& part) {
  const Ended ended(options);
  INFO("options " << Catch::StringMaker<Options>::convert(options) << "\n" << ended.err);
  CHECK(ended.code == 2);
  CHECK(ended.out.empty());
  CHECK(ended.err.rfind("eg91xq: ", 0) == 0);
  CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  CHECK(ended.err.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("what is only printed ends with exit code 0") {
  const auto [options, part] = GENERATE(table<Options, std::string>({
      {{"--help"}, "--demo-broker"},
      {{"--version"}, "eg91xq 0."},
      {{"--knob", "list"}, "open-refused"},
      {{"--describe"}, "## AT+QMTPUBEX"},
  }));
  const Ended ended(options);
  CHECK(ended.code == 0);
  CHECK(ended.err.empty());
  CHECK(ended.out.find(part) != std::string::npos);
  CHECK(ended.out.back() == '\n');
}

TEST_CASE("an option that cannot be is one line on standard error and exit code 2") {
  const auto [options, part] = GENERATE(table<Options, std::string>({
      {{"--nonsense"}, "nonsense"},
      {{"--prot", "pty"}, "--prot: unknown option; did you mean --port?"},
      {{"--port", "bogus:1"}, "bogus"},
      {{"--port", "tcp:99999"}, "99999"},
      {{"--port", "pty:"}, "pty"},
      {{"--port", "serial:/dev/no-such-device"}, "/dev/no-such-device"},
      {{"--port", "pty:/no/such/directory/modem"}, "/no/such/directory"},
      {{"--latency", "slow"}, "slow"},
      {{"--latency", "-5"}, "latency"},
      {{"--time-scale", "0"}, "time-scale"},
      {{"--time-scale", "fast"}, "time-scale"},
      {{"--knob", "no-such-knob=1"}, "no-such-knob"},
      {{"--knob", "disc-stat=maybe"}, "disc-stat"},
      {{"--model", "EC25"}, "EC25"},
      {{"--config", "/no/such/file"}, "/no/such/file"},
      {{"--listen-address", "here"}, "--listen-address: must be an IPv4 address, not 'here'"},
      {{"--listen-address", "192.0.2.1"}, "--listen-address 192.0.2.1: Cannot assign"},
      {{"--listen-address", "0.0.0.0", "--internet", "loopback"}, "--internet loopback keeps"},
      {{"--listen-port-offset", "65536"}, "--listen-port-offset"},
      {{"--trace", "/no/such/directory/trace"}, "/no/such/directory/trace"},
      {{"--ready-file", "/no/such/directory/ready"}, "/no/such/directory/ready"},
      {{"--state-dir", "/dev/null"}, "/dev/null"},
      {{"--demo-broker", "/nope"}, "--demo-broker: cannot run '/nope'"},
      {{"--demo-broker", "/etc/passwd"}, "--demo-broker: cannot run '/etc/passwd'"},
      {{"--demo-broker", "no-such-mosquitto"}, "--demo-broker: cannot run 'no-such-mosquitto'"},
      {{"--demo-broker", "/bin/false"}, "--demo-broker: /bin/false ends at once with code 1"},
      {{"--port", "pty", "--port", "pty", "--port", "pty", "--port", "pty", "--port", "pty"}, "4"},
  }));
  check_refused(options, part);
}

TEST_CASE("what an option says never ends the line that refuses it, nor commands a terminal") {
  const std::string hostile = "no\n\x1B[2Jsuch";
  const std::string shown = R"(no\x0A\x1B[2Jsuch)";
  const auto* const option =
      GENERATE("--port", "--control", "--trace", "--ready-file", "--state-dir", "--demo-broker",
               "--scenario", "--faults", "--imei", "--resolve", "--file", "--config", "--capture");
  check_refused({option, "/dev/null/" + hostile}, "/dev/null/" + shown);
}

TEST_CASE("a link never replaces a file that is there") {
  const ScratchDirectory scratch;
  const auto path = scratch.file("precious");
  std::ofstream(path) << "data";
  check_refused({"--port", "pty:" + path}, path);
  CHECK(contents(path) == "data");
}

TEST_CASE("a link of a modem that lives is not taken away") {
  const ScratchDirectory scratch;
  const EmulatorProcess first({"--port", "pty:" + scratch.file("modem")});
  check_refused({"--port", "pty:" + scratch.file("modem")}, scratch.file("modem"));
  SerialHost(first.port()).expect(boot_text);
}

TEST_CASE("a state directory belongs to one emulator") {
  const ScratchDirectory scratch;
  const EmulatorProcess first({"--state-dir", scratch.file("state")});
  check_refused({"--state-dir", scratch.file("state")}, scratch.file("state"));
}

TEST_CASE("a TCP port that is taken is refused") {
  const EmulatorProcess first({"--port", "tcp:127.0.0.1:0"});
  check_refused({"--port", "tcp:" + first.port()}, first.port());
}

TEST_CASE("options come from a file too") {
  const ScratchDirectory scratch;
  std::ofstream(scratch.file("conf"))
      << "port=\"pty:" << scratch.file("modem") << "\"\nmodel=EG800Q\ndemo-broker=off\n";
  Session session({"--config", scratch.file("conf")});
  CHECK(session.emulator.port() == scratch.file("modem"));
  CHECK(session.emulator.broker_port() == 0);
  session.host.send("AT+CGMM\r");
  CHECK(session.host.read_until("OK\r\n").find("EG800Q") != std::string::npos);
}

TEST_CASE("a strict line is for ports that have one") {
  const std::string line = "--line";
  check_refused({line, "strict", "--port", "tcp:0"}, line);
  check_refused({line, "strict", "--port", "stdio"}, line);
  check_refused({line, "loose"}, line);
}
