// A snapshot of the real program over HTTP: how long it takes, and that it lasts.
#include "tests/support/emulator_process.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/slowness.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include <catch2/catch.hpp>

using namespace support;

namespace {

constexpr const char* path = "/v1/modems/default/snapshot";

struct Controlled {
  explicit Controlled(EmulatorProcess::Options more = {})
      : session([&more] {
          more.insert(more.begin(), {"--control", "0"});
          if (more.size() == 2) more.insert(more.end(), {"--demo-broker", "off"});
          return more;
        }()),
        http(session.emulator.ready().at("control").get<std::string>()) {}

  std::string save() {
    const auto answer = http.get(path);
    CAPTURE(answer.body);
    CHECK(answer.status == 200);
    return answer.body;
  }
  int restore(const std::string& document) {
    CHECK(http.ask("PUT", path, "Content-Type: application/json\r\n", document));
    const auto answer = http.response();
    CAPTURE(answer.body);
    CHECK(answer.status == 204);
    return answer.status;
  }
  void upload(const std::string& name, const std::string& content) {
    session.host.send("AT+QFUPL=\"" + name + "\"," + std::to_string(content.size()) + "\r");
    session.host.read_until("CONNECT\r\n");
    session.host.send(content);
    session.host.read_until("OK\r\n");
  }

  Session session;
  HttpClient http;
};

}  // namespace

TEST_CASE("a modem is saved, and restored into a fresh one, within 20 ms [CTL-15]") {
  Controlled original;
  original.session.host.command("AT+QMTCFG=\"keepalive\",0,60", "\r\nOK\r\n");
  original.upload("ca.pem", std::string(2000, 'c'));
  Controlled fresh;
  auto best = std::chrono::nanoseconds::max();
  for (int i = 0; i < 5; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto document = original.save();
    fresh.restore(document);
    best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - begin);
  }
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(best).count();
  CAPTURE(took);
  CHECK(took < 1000 * slowed(20));
  fresh.session.host.command("AT+QMTCFG=\"keepalive\",0",
                             "\r\n+QMTCFG: \"keepalive\",60\r\n\r\nOK\r\n");
  fresh.session.host.command("AT+QFLST=\"ca.pem\"",
                             "\r\n+QFLST: \"UFS:ca.pem\",2000\r\n\r\nOK\r\n");
}

TEST_CASE("what was restored is in the state directory [CTL-15]") {
  Controlled original;
  original.upload("kept", "12345");
  original.session.host.command("AT+CTZU=3", "\r\nOK\r\n");
  const auto document = original.save();
  const ScratchDirectory scratch;
  {
    Controlled first({"--demo-broker", "off", "--state-dir", scratch.file("state")});
    first.upload("gone", "1");
    first.restore(document);
  }
  Controlled second({"--demo-broker", "off", "--state-dir", scratch.file("state")});
  second.session.host.command("AT+QFLST=\"*\"", "\r\n+QFLST: \"UFS:kept\",5\r\n\r\nOK\r\n");
  second.session.host.command("AT+CTZU?", "\r\n+CTZU: 3\r\n\r\nOK\r\n");
}

TEST_CASE("a restored modem trusts the demo broker of its own program [CTL-15]") {
  Controlled original({"--demo-broker", "auto"});
  original.upload("kept", "12345");
  Controlled fresh({"--demo-broker", "auto"});
  fresh.restore(original.save());
  auto& host = fresh.session.host;
  host.command("AT+QFLST=\"kept\"", "\r\n+QFLST: \"UFS:kept\",5\r\n\r\nOK\r\n");
  host.command("AT+QSSLCFG=\"cacert\",0,\"demo_ca.pem\"");
  host.command("AT+QSSLCFG=\"seclevel\",0,1");
  host.command("AT+QMTCFG=\"ssl\",0,1,0");
  host.command("AT+QMTOPEN=0,\"broker.demo\",8883");
  host.expect("\r\n+QMTOPEN: 0,0\r\n");
}
