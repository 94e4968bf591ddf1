// The C header against the real program, and against what is no modem.
#include "c/eg91xq.h"
#include "tests/support/emulator_process.hpp"
#include "tests/support/program.hpp"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>

using namespace support;

namespace {

/// A modem of the header's, closed again.
struct Client {
  explicit Client(const std::string& address) : opened(eg91xq_open(&modem, address.c_str())) {}
  ~Client() { eg91xq_close(&modem); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] std::string error() const { return modem.error; }
  std::string get(const char* path) {
    char value[128];
    return eg91xq_get(&modem, path, value, sizeof value) == 0 ? value : "error: " + error();
  }

  eg91xq modem{};
  int opened;
};

struct Controlled {
  explicit Controlled(const std::string& where = "0")
      : session({"--control", where, "--demo-broker", "off"}),
        client(session.emulator.ready().at("control")) {}

  Session session;
  Client client;
};

std::string value_at(const char* json, const char* path, std::size_t room = 64) {
  std::string value(room, '\0');
  if (eg91xq_json_get(json, path, value.data(), room) == 0) return "nothing";
  return value.c_str();
}

}  // namespace

TEST_CASE("the C header does what the others do") {
  Controlled controlled;
  auto& [session, client] = controlled;
  auto* const modem = &client.modem;
  REQUIRE(client.opened == 0);
  CHECK(client.get("registration") == "home");
  CHECK(client.get("clients.5.client_idx") == "5");
  CHECK(client.get("clients.6.client_idx") ==
        "error: the modem's state has no clients.6.client_idx");
  CHECK(eg91xq_set(modem, R"({"signal":{"rsrp":-118}})") == 0);
  CHECK(client.get("signal.rsrp") == "-118");
  CHECK(eg91xq_set(modem, R"({"signal":{"rsrp":7}})") == -1);
  CHECK(client.error() ==
        "PATCH /v1/modems/default/surroundings: 400: signal.rsrp must be -140 to -44");
  CHECK(eg91xq_scenario(modem, R"({"events":[{"at":1e6,"zone":4}]})") == 0);
  CHECK(client.get("planned_count") == "1");
  CHECK(eg91xq_fault_remove(modem, "my fault/1") == -1);
  CHECK(client.error().find("/faults/my%20fault%2F1: 400: ") != std::string::npos);
  CHECK(eg91xq_mark(modem) == 0);
  CHECK(eg91xq_fault(modem, "f", "cme", R"({"command":"^\\+CSQ"})", R"({"code":3})", 1) == 0);
  session.host.command("AT+CSQ", "\r\n+CME ERROR: 3\r\n");
  CHECK(eg91xq_fault_applied(modem, "f") == 1);
  CHECK(eg91xq_expect(modem, "fault", nullptr, 5) == 1);
  CHECK(eg91xq_expect(modem, "result", "^\\+CME ERROR: 3$", 5) == 1);
  CHECK(eg91xq_expect_none(modem, "stat", 0.01) == 1);
  CHECK(eg91xq_expect(modem, "urc", "NEVER", 0.01) == 0);
  CHECK(client.error() == "it did not come as expected; nothing like it came");
  CHECK(eg91xq_fault_remove(modem, "f") == 0);
  CHECK(eg91xq_fault_applied(modem, "f") == -1);
  CHECK(eg91xq_urc(modem, "+QIND: \"X\\Y\"", "glued-to-result", 0) == 0);
  session.host.send("AT\r");
  CHECK(session.host.read_until("Y\"\r\n") == "\r\nOK\r\n+QIND: \"X\\Y\"\r\n");
  CHECK(eg91xq_sms(modem, "+15550100", "hello") == 0);
  CHECK(eg91xq_send(modem, "uart1", "AT", 0) == -1);
  CHECK(eg91xq_send(modem, "uart1", "AT", 1) == 0);
  CHECK(session.host.read_until("OK\r\n") == "\r\n+CMTI: \"ME\",0\r\n\r\nOK\r\n");
  CHECK(eg91xq_inject(modem, 0, "a", "\0hi", 3, 1) == -1);
  CHECK(client.error().find("client 0 is not connected") != std::string::npos);
  CHECK(modem->status == 409);
  CHECK(eg91xq_power(modem, "off") == 0);
  CHECK(client.get("power") == "off");
}

TEST_CASE("the C header saves a modem and restores it [CTL-15]") {
  Controlled controlled;
  auto& [session, client] = controlled;
  auto* const modem = &client.modem;
  session.host.command("AT+QMTCFG=\"keepalive\",2,60", "\r\nOK\r\n");
  REQUIRE(eg91xq_snapshot(modem) == 0);
  const std::string saved = modem->body;
  CHECK(value_at(saved.c_str(), "format") == "eg91xq-snapshot");
  session.host.command("AT+QMTCFG=\"keepalive\",2,90", "\r\nOK\r\n");
  CHECK(client.get("clients.2.settings.keepalive") == "90");
  CHECK(eg91xq_restore(modem, saved.c_str()) == 0);
  CHECK(client.get("clients.2.settings.keepalive") == "60");
  CHECK(eg91xq_restore(modem, "{\"format\":\"x\",\"version\":\"1.0\"}") == -1);
  CHECK(modem->status == 400);
}

TEST_CASE("the C header says what is wrong") {
  Controlled controlled;
  auto& client = controlled.client;
  CHECK(eg91xq_fault(&client.modem, "f", "reply-delay", nullptr, R"({"ms":-1})", 0) == -1);
  CHECK(client.error().find("400: params.ms must be") != std::string::npos);
  CHECK(eg91xq_fault(&client.modem, "f", "reply-delay", nullptr, "{", 0) == -1);
  CHECK(client.modem.status == 400);
  CHECK(eg91xq_ask(&client.modem, "GET", "/v1/nothing", nullptr, 0) == -1);
  CHECK(client.modem.status == 404);
  CHECK(Client("ftp://x").error() == "ftp://x: is neither http://HOST:PORT nor unix:PATH");
  CHECK(Client("unix:/nonexistent").error() ==
        "no modem at unix:/nonexistent: No such file or directory");
  CHECK(Client("unix:/" + std::string(200, 'x')).opened == -1);
  CHECK(Client("http://127.0.0.1:1").error() ==
        "no modem at http://127.0.0.1:1: Connection refused");
  CHECK(Client("http://nobody").opened == -1);
}

TEST_CASE("the C header finds a modem by a ready file and over a local socket") {
  const ScratchDirectory scratch;
  Controlled controlled("unix:" + scratch.file("control"));
  CHECK(controlled.client.opened == 0);
  const auto path = scratch.file("ready.json");
  std::ofstream(path) << controlled.session.emulator.ready().dump();
  eg91xq modem;
  REQUIRE(eg91xq_open_ready_file(&modem, path.c_str()) == 0);
  CHECK(std::string(modem.port) ==
        controlled.session.emulator.ready().at("ports")[0].at("path").get<std::string>());
  eg91xq_close(&modem);
  CHECK(eg91xq_open_ready_file(&modem, "/nonexistent") == -1);
}

TEST_CASE("the C header reads JSON, and what is none") {
  const auto* const json =
      R"({"a":{"b":[1,{"c":"x\"y"},"t"],"bb":true},"n":-1.5e3 , "e":[],"s":""})";
  CHECK(value_at(json, "a.b.0") == "1");
  CHECK(value_at(json, "a.b.1.c") == R"(x\"y)");
  CHECK(value_at(json, "a.b.2") == "t");
  CHECK(value_at(json, "a.bb") == "true");
  CHECK(value_at(json, "n") == "-1.5e3");
  CHECK(value_at(json, "s").empty());
  CHECK(value_at(json, "e") == "[]");
  CHECK(value_at(json, "e.0") == "nothing");
  CHECK(value_at(json, "a.b.3") == "nothing");
  CHECK(value_at(json, "a.c") == "nothing");
  CHECK(value_at(json, "n.x") == "nothing");
  CHECK(value_at(json, "a.b", 4) == "nothing");
  for (const auto* wrong : {"", "{", "[", "\"", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\":\"\\",
                            "[1", "[1,", "{,}", "}", "nonsense", "{\"a\":[}"})
    for (const auto* path : {"a", "a.b", "0", "0.0"}) {
      CAPTURE(wrong, path);
      value_at(wrong, path);
    }
}
