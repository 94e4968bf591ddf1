// Tools that nobody here wrote bring the modem up as if it were the module: gammu, ModemManager,
// and chat with a dial script of the maker's kind.
#include "tests/support/emulator_process.hpp"

#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

/// A modem whose port no test opens.
struct Modem {
  Modem()
      : emulator({"--port", "pty:" + scratch.file("modem"), "--power", "at-start", "--demo-broker",
                  "off"}) {}

  ScratchDirectory scratch;
  EmulatorProcess emulator;
};

struct Ended {
  int code = -1;
  std::string out;
};

Ended run(const std::vector<std::string>& words, std::chrono::seconds limit = patience) {
  Program program(words);
  program.end_input();
  const auto code = program.end(limit);
  return {code.value_or(-1), program.out() + program.err()};
}

Ended gammu(Modem& modem, std::vector<std::string> words) {
  const auto config = modem.scratch.file("gammurc");
  std::ofstream(config) << "[gammu]\ndevice = " << modem.emulator.port()
                        << "\nconnection = at115200\n";
  words.insert(words.begin(), {"gammu", "-c", config});
  return run(words, std::chrono::seconds(30));
}

bool lacks(const std::string& program) {
  if (!installed(program).empty()) return false;
  WARN(program + " is not installed: skipped");
  return true;
}

}  // namespace

TEST_CASE("gammu identifies the modem, looks at the network, sends and reads messages") {
  if (lacks("gammu")) return;
  Modem modem;
  const auto identity = gammu(modem, {"--identify"});
  CAPTURE(identity.out);
  CHECK(identity.code == 0);
  for (const auto* text :
       {"Quectel", "EG916Q", "EG916QGLLGR01A05M04", "866764060000019", "001010000000001"})
    CHECK(identity.out.find(text) != std::string::npos);
  const auto network = gammu(modem, {"networkinfo"});
  CAPTURE(network.out);
  CHECK(network.code == 0);
  CHECK(network.out.find("home network") != std::string::npos);
  CHECK(network.out.find("LAC 1A2B, CID 1A2D003") != std::string::npos);
  CHECK(network.out.find("Test PLMN 1-1") != std::string::npos);
  const auto sent = gammu(modem, {"sendsms", "TEXT", "+15550100001", "-text", "Hello from gammu"});
  CAPTURE(sent.out);
  CHECK(sent.code == 0);
  const auto read = gammu(modem, {"getallsms"});
  CAPTURE(read.out);
  CHECK(read.code == 0);
  CHECK(read.out.find("Hello from gammu") != std::string::npos);
  CHECK(read.out.find("\"+15550100001\"") != std::string::npos);
}

TEST_CASE("ModemManager takes the modem for one") {
  for (const auto* program : {"ModemManager", "dbus-run-session", "dbus-send", "socat"})
    if (lacks(program)) return;
  Modem modem;
  const auto socket = modem.scratch.file("socket");
  const auto log = modem.scratch.file("log");
  // ModemManager opens sockets as virtual ports; socat joins one to the modem's port.
  const auto script = fmt::format(
      "socat UNIX-LISTEN:{0},fork FILE:{1},rawer & "
      "ModemManager --test-session --no-auto-scan --test-enable --debug > {2} 2>&1 & "
      "mm() {{ dbus-send --session --print-reply --dest=org.freedesktop.ModemManager1 \"$@\" 2>&1; "
      "}}; "
      "root=/org/freedesktop/ModemManager1; "
      "for i in $(seq 100); do mm $root org.freedesktop.ModemManager1.Test.SetProfile "
      "string:modem string:generic array:string:{0} | grep -q return && break; sleep 0.1; done; "
      "for i in $(seq 200); do "
      "mm $root org.freedesktop.DBus.ObjectManager.GetManagedObjects > {2}.objects; "
      "grep -q 001010000000001 {2}.objects && break; sleep 0.1; done; "
      "cat {2}.objects; kill %1 %2",
      socket, modem.emulator.port(), log);
  const auto ended =
      run({"dbus-run-session", "--", "bash", "-c", script}, std::chrono::seconds(60));
  if (ended.out.find("org.freedesktop.ModemManager1") == std::string::npos) {
    WARN("ModemManager does not run here: skipped");
    return;
  }
  CAPTURE(ended.out);
  for (const auto* text : {"\"Quectel\"", "\"EG916Q\"", "\"EG916QGLLGR01A05M04\"",
                           "\"866764060000019\"", "\"001010000000001\""})
    CHECK(ended.out.find(text) != std::string::npos);
}

TEST_CASE("the maker's dial script reaches the refusal of PPP") {
  if (lacks("chat")) return;
  Modem modem;
  const auto script = modem.scratch.file("script");
  std::ofstream(script) << "ABORT \"BUSY\"\nABORT \"NO CARRIER\"\nABORT \"NO DIALTONE\"\n"
                           "ABORT \"ERROR\"\nABORT \"NO ANSWER\"\nTIMEOUT 10\n"
                           "\"\" AT\nOK ATE0\n"
                           "OK ATI;+CSUB;+CSQ;+CPIN?;+COPS?;+CGREG?;&D2\n"
                           "OK AT+CGDCONT=1,\"IP\",\"3gnet\",,0,0\n"
                           "OK ATD*99#\nCONNECT \"\"\n";
  const auto line = fmt::format("chat -v -s -f {0} < {1} > {1}", script, modem.emulator.port());
  const auto ended = run({"bash", "-c", "stty -F " + modem.emulator.port() + " raw; " + line});
  CAPTURE(ended.out);
  // chat ends with 4 plus the place of the ABORT that it met.
  CHECK(ended.code == 5);
  CHECK(ended.out.find("SubEdition: V01") != std::string::npos);
  CHECK(ended.out.find("ATD*99#") != std::string::npos);
  CHECK(ended.out.find("Failed (NO CARRIER)") != std::string::npos);
}
