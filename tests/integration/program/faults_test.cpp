// Faults against a real broker, and the journal of what came of them.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/places.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace support;
using nlohmann::json;

namespace {

std::string file_of(const ScratchDirectory& scratch, const std::string& text) {
  const auto path = scratch.file("faults.json");
  std::ofstream(path) << text;
  return path;
}

std::vector<json> events_in(const std::string& path, const std::string& kind) {
  std::vector<json> events;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto event = json::parse(line);
    if (event.at("kind") == kind) events.push_back(event);
  }
  return events;
}

}  // namespace

TEST_CASE("a PUBACK that is lost is one more PUBLISH on the wire [CTL-10] [CTL-13] [CTL-21]") {
  const ScratchDirectory scratch;
  const auto journal = scratch.file("journal");
  Session session({"--journal", journal, "--faults",
                   file_of(scratch, R"({"name":"lost","type":"broker","count":1,
                                        "params":{"packet":"puback","mode":"withhold"}})")});
  session.host.command("AT+QMTCFG=\"timeout\",0,1,3,0");
  session.connect(0, session.emulator.broker_port(), "faulty");
  session.host.command("AT+QMTPUBEX=0,7,1,0,\"t\",2", "\r\n> ");
  session.host.send("hi");
  session.host.expect("\r\nOK\r\n\r\n+QMTPUBEX: 0,7,0\r\n");
  CHECK(session.emulator.program().terminate() == 0);
  const auto faults = events_in(journal, "fault");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].at("name") == "lost");
  CHECK(faults[0].at("type") == "broker");
  CHECK(faults[0].at("client") == 0);
  std::vector<bool> dups;
  for (const auto& packet : events_in(journal, "packet"))
    if (packet.at("type") == "publish") dups.push_back(packet.at("dup").get<bool>());
  CHECK(dups == std::vector<bool>{false, true});
}

TEST_CASE("a malformed packet and a broker that closes end the link [CTL-10]") {
  const ScratchDirectory scratch;
  Session session({"--faults", file_of(scratch, R"([
      {"type":"broker","count":1,"params":{"packet":"puback","mode":"malformed"}},
      {"type":"broker-disconnect","when":{"command":"^\\+CSQ"},"count":1}])")});
  const auto broker = session.emulator.broker_port();
  session.connect(0, broker, "one");
  session.host.command("AT+QMTPUBEX=0,7,1,0,\"t\",2", "\r\n> ");
  session.host.send("hi");
  session.host.expect("\r\nOK\r\n\r\n+QMTSTAT: 0,8\r\n");
  session.connect(0, broker, "two");
  session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n\r\n+QMTSTAT: 0,1\r\n");
}

TEST_CASE("a file of faults that makes no sense is one line and exit code 2 [CTL-21]") {
  const ScratchDirectory scratch;
  for (const auto* text : {"{", "[7]", R"([{"type":"x"}])"}) {
    Program program({binary(), "--faults", file_of(scratch, text)});
    CHECK(program.end() == 2);
    CHECK(program.err().find("eg91xq: --faults " + scratch.file("faults.json") + ": ") == 0);
  }
  Program missing({binary(), "--faults", scratch.file("missing")});
  CHECK(missing.end() == 2);
}

TEST_CASE("an event of --fail-on is exit code 3, unless the command failed itself [CTL-21]") {
  const auto run = [](const std::string& kinds, const std::string& script) {
    Program program({binary(), "--latency", "instant", "--fail-on", kinds, "--", "sh", "-c",
                     "exec 3<>$MODEM_PORT; stty raw -echo <&3; " + script});
    return program.end();
  };
  const std::string boot = "read -r line <&3; ";
  CHECK(run("stat", boot + "exit 0") == 0);
  CHECK(run("stat,urc", boot + "exit 0") == 3);
  CHECK(run("urc", boot + "exit 7") == 7);
  CHECK(run("nothing", "exit 0") == 2);
}
