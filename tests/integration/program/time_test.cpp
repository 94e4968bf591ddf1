// The clock of the real program, with brokers whose own goes on all the while.
#include "tests/support/control_client.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/rude_broker.hpp"

#include <memory>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct Clocked {
  explicit Clocked(EmulatorProcess::Options more = {})
      : session([&more] {
          more.insert(more.end(), {"--control", "0", "--demo-broker", "off"});
          return more;
        }()),
        address(session.emulator.ready().at("control")) {}

  json ask(const std::string& method, const std::string& path, const json& body = nullptr,
           int status = 200) {
    HttpClient client(address);
    client.ask(method, path, "", body.is_null() ? std::string() : body.dump());
    const auto response = client.response();
    CAPTURE(response.body);
    CHECK(response.status == status);
    return json::parse(response.body);
  }
  json time(const json& wanted) { return ask("PATCH", "/v1/time", wanted); }
  json events(const std::string& kind) {
    return ask("GET", "/v1/modems/default/journal?limit=10000&kind=" + kind).at("events");
  }
  /// Virtual time between two events of kinds `one` and `other`, the last of each.
  double between(const std::string& one, const std::string& other) {
    return events(other).back().at("t").get<double>() - events(one).back().at("t").get<double>();
  }

  Session session;
  std::string address;
};

const std::string connack{"\x20\x02\x00\x00", 4};

std::size_t count(const json& events, const std::string& type) {
  std::size_t found = 0;
  for (const auto& event : events)
    if (event.at("type") == type) ++found;
  return found;
}

}  // namespace

TEST_CASE("[CTL-16] a virtual day of keep-alives with a real broker") {
  Mosquitto broker;
  Clocked modem;
  auto& host = modem.session.host;
  host.command("AT+QMTCFG=\"keepalive\",0,120");
  modem.session.connect(0, broker.port(), "day");
  const auto start = std::chrono::steady_clock::now();
  CHECK(modem.time({{"skip", true}}).at("skip") == true);
  Program day(ctl_words({"--at", modem.address, "expect", "packet:type=pingresp", "--count-min",
                         "719", "--within", "86400"}));
  const auto ended = day.end(60s);
  CAPTURE(day.out(), day.err());
  REQUIRE(ended == 0);
  CHECK(ms_since(start) < 60'000);
  const auto now = modem.time({{"skip", false}}).at("now").get<double>();
  CHECK(now >= 719 * 120);
  CHECK(now < 87'000);
  host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
  const auto packets = modem.events("packet");
  CHECK(count(packets, "pingreq") == count(packets, "pingresp"));
  CHECK(count(packets, "connect") == 1);
  CHECK_FALSE(broker.logged("timeout"));
  CHECK(modem.events("stat").empty());
}

TEST_CASE("[CTL-16] a pause holds what a timer would bring, and a step lets it come") {
  Clocked modem({"--latency", "2000"});
  auto& host = modem.session.host;
  host.send("AT+QMTOPEN=0,\"127.0.0.1\",1\r");
  host.expect("\r\nOK\r\n");
  modem.time({{"paused", true}});
  const auto stands = modem.ask("GET", "/v1/time").at("now").get<double>();
  CHECK(host.quiet_for(300ms));
  CHECK(modem.ask("GET", "/v1/time").at("now") == stands);
  const auto then = modem.ask("POST", "/v1/time/advance", {{"by", 20}}).at("now").get<double>();
  CHECK(then == Approx(stands + 20).margin(1e-6));
  host.expect("\r\n+QMTOPEN: 0,-1\r\n");
  modem.ask("POST", "/v1/time/advance", {{"until", "idle"}});
  modem.time({{"paused", false}});
  modem.ask("POST", "/v1/time/advance", {{"by", 1}}, 409);
}

TEST_CASE("[CTL-16] a broker that takes its time is waited for") {
  RudeBroker broker;
  Clocked modem;
  auto& host = modem.session.host;
  const bool skips = GENERATE(true, false);
  std::unique_ptr<HttpClient> advance;
  host.command("AT+QMTCFG=\"timeout\",0,5,0,0");
  modem.session.open(0, broker.port());
  broker.accept();
  if (skips) {
    modem.time({{"skip", true}});
    host.command("AT+QMTCONN=0,\"slow\"");
  } else {
    modem.time({{"paused", true}});
    host.command("AT+QMTCONN=0,\"slow\"");
    advance = std::make_unique<HttpClient>(modem.address);
    advance->ask("POST", "/v1/time/advance", "", R"({"by":60})");
  }
  broker.hear_some();
  CHECK(host.quiet_for(300ms));
  broker.say(connack);
  host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  if (advance) CHECK(json::parse(advance->response().body).at("paused") == true);
  const auto took = modem.between("command", "client");
  CHECK(took >= 0.3);
  CHECK(took < 5);
}

TEST_CASE("[CTL-16] a broker that never answers times out at the right virtual moment") {
  RudeBroker broker;
  Clocked modem;
  auto& host = modem.session.host;
  host.command("AT+QMTCFG=\"timeout\",0,2,0,0");
  modem.session.open(0, broker.port());
  broker.accept();
  modem.time({{"skip", true}});
  host.command("AT+QMTCONN=0,\"dead\"");
  host.expect("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,4\r\n");
  CHECK(modem.between("command", "stat") == Approx(2).margin(0.1));
}

TEST_CASE("[CTL-16] a PINGRESP that a fault withholds is not waited for") {
  Mosquitto broker;
  Clocked modem;
  auto& host = modem.session.host;
  host.command("AT+QMTCFG=\"keepalive\",0,600");
  modem.session.connect(0, broker.port(), "unheard");
  modem.ask("POST", "/v1/modems/default/faults", json::parse(R"({"name":"f","type":"broker",
                            "params":{"packet":"pingresp","mode":"withhold"}})"),
            201);
  const auto start = std::chrono::steady_clock::now();
  modem.time({{"skip", true}});
  host.expect("\r\n+QMTPING: 0,1\r\n\r\n+QMTSTAT: 0,2\r\n");
  CHECK(ms_since(start) < 4'000);
  CHECK(modem.between("packet", "stat") == Approx(5).margin(0.1));
}

TEST_CASE("[CTL-16] a broker does not lose a client whose clock stands") {
  Mosquitto broker;
  Clocked modem;
  modem.session.host.command("AT+QMTCFG=\"keepalive\",0,1");
  modem.session.connect(0, broker.port(), "paused");
  modem.time({{"paused", true}});
  // More than one and a half keepalives without a packet of the module's.
  Program pinged(
      ctl_words({"--at", modem.address, "expect", "link:event=kept-alive", "--count-min", "3"}));
  const auto ended = pinged.end();
  CAPTURE(pinged.out(), pinged.err());
  REQUIRE(ended == 0);
  CHECK_FALSE(broker.logged("timeout"));
  modem.time({{"paused", false}});
  modem.session.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
  CHECK(count(modem.events("packet"), "pingresp") <= 1);
}
