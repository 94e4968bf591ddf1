// Tools that nobody here wrote bring the modem up as if it were the module: gammu, ModemManager,
// and chat with a dial script of the maker's kind.
#include "tests/support/emulator_process.hpp"
#include "tests/support/ended.hpp"
#include "tests/support/skip.hpp"

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

/// What it says on both its outputs is told as one.
Ended run_and_hear(const std::vector<std::string>& words, std::chrono::seconds limit = patience) {
  auto ended = run(words, limit);
  ended.out += ended.err;
  return ended;
}

Ended gammu(Modem& modem, std::vector<std::string> words) {
  const auto config = modem.scratch.file("gammurc");
  std::ofstream(config) << "[gammu]\ndevice = " << modem.emulator.port()
                        << "\nconnection = at115200\n";
  words.insert(words.begin(), {"gammu", "-c", config});
  return run_and_hear(words, std::chrono::seconds(30));
}

/// ModemManager opens sockets as virtual ports: socat joins one to the modem's port. It is asked on
/// a bus of its own. It closes the socket and opens it again: the former socat must be gone by
/// then, or it takes an answer from its successor. Arguments: socket, port of the modem, log.
constexpr const char* modem_manager_script = R"(
export DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS
socat -t 0.01 UNIX-LISTEN:{0},fork,max-children=1 FILE:{1},rawer 2>/dev/null &
ModemManager --test-session --no-auto-scan --test-enable --debug > {2} 2>&1 &
wait_for() {{
  for i in $(seq 200); do "${{@:2}}" 2>&1 | grep -q "$1" && return; sleep 0.1; done
  return 1
}}
wait_for return dbus-send --session --print-reply --dest=org.freedesktop.ModemManager1 \
  /org/freedesktop/ModemManager1 org.freedesktop.ModemManager1.Test.SetProfile \
  string:modem string:quectel array:string:{0} || echo no ModemManager
wait_for 'generic.state  *: disabled' mmcli -m any -K
mmcli -m any --enable
wait_for 'generic.state  *: registered' mmcli -m any -K
mmcli -m any -K
mmcli -i any -K
mmcli -m any --messaging-create-sms="text=Hello,number=+15550100001"
mmcli -s 0 --send
wait_for '(received)' mmcli -m any --messaging-list-sms
mmcli -s 1 -K
mmcli -m any --simple-connect="apn=internet,ip-type=ipv4"
mmcli -b 0 -K
mmcli -m any --simple-disconnect
wait_for 'generic.state  *: registered' mmcli -m any -K && echo hung up
kill %1 %2
)";

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

TEST_CASE(
    "ModemManager probes the modem, enables it, registers, sends a message and dials [PPP-2]") {
  for (const auto* program : {"ModemManager", "mmcli", "dbus-run-session", "dbus-send", "socat"})
    if (lacks(program)) return;
  Modem modem;
  const auto ended = run_and_hear({"dbus-run-session", "--", "bash", "-c",
                                   fmt::format(modem_manager_script, modem.scratch.file("socket"),
                                               modem.emulator.port(), modem.scratch.file("log"))},
                                  std::chrono::seconds(60));
  if (ended.out.find("no ModemManager") != std::string::npos) {
    CAPTURE(contents(modem.scratch.file("log")));
    return skip("ModemManager does not run here");
  }
  CAPTURE(ended.out);
  const auto says = [&](const std::string& key, const std::string& value) {
    const auto place = ended.out.find(key);
    REQUIRE(place != std::string::npos);
    const auto line = ended.out.substr(place, ended.out.find('\n', place) - place);
    CHECK(line.substr(line.find(": ") + 2) == value);
  };
  says("modem.generic.plugin", "quectel");
  says("modem.generic.manufacturer", "Quectel");
  says("modem.generic.model", "EG916Q");
  says("modem.generic.revision", "EG916QGLLGR01A05M04");
  says("modem.generic.equipment-identifier", "866764060000019");
  says("modem.generic.own-numbers.value[1]", "+15550100001");
  says("modem.generic.unlock-retries.value[1]", "sim-pin (3)");
  says("modem.generic.state ", "registered");
  says("modem.generic.access-technologies.value[1]", "lte");
  says("modem.generic.current-capabilities.value[1]", "lte");
  says("modem.generic.supported-modes.value[1]", "allowed: 4g; preferred: none");
  says("modem.3gpp.operator-code", "00101");
  says("modem.3gpp.operator-name", "Test PLMN 1-1");
  says("modem.3gpp.registration-state", "home");
  says("modem.3gpp.packet-service-state", "attached");
  says("sim.properties.imsi", "001010000000001");
  says("sim.properties.iccid", "89882390000000000011");
  says("sim.properties.operator-name", "Test");
  CHECK(ended.out.find("successfully sent the SMS") != std::string::npos);
  says("sms.content.text", "Hello");
  says("sms.content.number", "+15550100001");
  CHECK(ended.out.find("successfully connected the modem") != std::string::npos);
  says("bearer.status.connected", "yes");
  says("bearer.ipv4-config.method", "ppp");
  CHECK(ended.out.find("hung up") != std::string::npos);
}

TEST_CASE("the maker's dial script reaches CONNECT [PPP-2] [T-19]") {
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
  const auto ended =
      run_and_hear({"bash", "-c", "stty -F " + modem.emulator.port() + " raw; " + line});
  CAPTURE(ended.out);
  CHECK(ended.code == 0);
  CHECK(ended.out.find("SubEdition: V01") != std::string::npos);
  CHECK(ended.out.find("ATD*99#") != std::string::npos);
  CHECK(ended.out.find("expect (CONNECT)") != std::string::npos);
  // chat has closed the port, and with that the call; it may have left the rest of CONNECT unread.
  SerialHost host(modem.emulator.port());
  host.send("AT\r");
  host.read_until("\r\nOK\r\n");
}
