// What the broker keeps for a client or does in its name: queued messages, the will, a refusal.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/mqtt_tools.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

void leave_a_will(Session& session, std::uint16_t broker) {
  session.host.command("AT+QMTCFG=\"will\",0,1,1,0,\"last\",\"farewell\"");
  session.connect(0, broker, "mortal");
}

void disconnect(Session& session) {
  session.host.command("AT+QMTDISC=0");
  session.host.expect("\r\n+QMTDISC: 0,0\r\n");
}

}  // namespace

TEST_CASE("a session that is not clean is resumed with what was queued [CFG-session]") {
  Session session;
  auto& host = session.host;
  const auto broker = session.emulator.broker_port();
  host.command("AT+QMTCFG=\"session\",0,0");
  session.connect(0, broker, "keeper");
  host.command("AT+QMTSUB=0,1,\"queued\",1");
  host.expect("\r\n+QMTSUB: 0,1,0,1\r\n");
  disconnect(session);
  for (const auto* text : {"one", "two", "three"}) publish(broker, "queued", text, 1);
  session.open(0, broker);
  host.command("AT+QMTCONN=0,\"keeper\"");
  host.expect(
      "\r\n+QMTCONN: 0,0,0\r\n\r\n+QMTRECV: 0,1,\"queued\",\"one\"\r\n"
      "\r\n+QMTRECV: 0,2,\"queued\",\"two\"\r\n\r\n+QMTRECV: 0,3,\"queued\",\"three\"\r\n");
}

TEST_CASE("a clean session starts without subscriptions [CFG-session]") {
  Session session;
  auto& host = session.host;
  const auto broker = session.emulator.broker_port();
  session.connect(0, broker, "fresh");
  host.command("AT+QMTSUB=0,1,\"queued\",1");
  host.expect("\r\n+QMTSUB: 0,1,0,1\r\n");
  disconnect(session);
  session.connect(0, broker, "fresh");
  publish(broker, "queued", "one", 1);
  host.command("AT+QMTSUB=0,2,\"other\",1");
  host.expect("\r\n+QMTSUB: 0,2,0,1\r\n");
}

TEST_CASE("the broker publishes the will when the link dies, not after DISC [CLOSE-2] [CFG-will]") {
  const Mosquitto broker;
  Subscriber observer(broker.port(), "last", 1);
  Session session;
  leave_a_will(session, broker.port());
  SECTION("QMTCLOSE") {
    session.host.command("AT+QMTCLOSE=0");
    session.host.expect("\r\n+QMTCLOSE: 0,0\r\n");
    CHECK(observer.heard("last", 1, false, "farewell"));
  }
  SECTION("the emulator is killed") {
    session.emulator.kill();
    CHECK(observer.heard("last", 1, false, "farewell"));
  }
  SECTION("QMTDISC") {
    disconnect(session);
    publish(broker.port(), "last", "marker", 1);
    CHECK(observer.payloads("last", 1) == std::vector<std::string>{"marker"});
  }
}

TEST_CASE("a broker that demands a password refuses and accepts [CONN-4] [CONN-5]") {
  const Mosquitto broker({{{"user", "secret"}}, ""});
  Session session;
  auto& host = session.host;
  session.open(0, broker.port());
  SECTION("no credentials") {
    host.command("AT+QMTCONN=0,\"id\"");
    host.expect("\r\n+QMTCONN: 0,0,5\r\n\r\n+QMTSTAT: 0,4\r\n");
    host.command("AT+QMTOPEN?");
  }
  SECTION("a wrong password") {
    host.command("AT+QMTCONN=0,\"id\",\"user\",\"wrong\"");
    host.expect("\r\n+QMTCONN: 0,0,5\r\n\r\n+QMTSTAT: 0,4\r\n");
  }
  SECTION("the right one") {
    host.command("AT+QMTCONN=0,\"id\",\"user\",\"secret\"");
    host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  }
}

TEST_CASE("each reason for which a link cannot be opened has its code [OPEN-6]") {
  Session session;
  auto& host = session.host;
  SECTION("nobody listens") {
    host.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", held_port()));
    host.expect("\r\n+QMTOPEN: 0,-1\r\n");
  }
  SECTION("no such name") {
    host.command("AT+QMTOPEN=0,\"no-such-host.invalid\",1883");
    host.expect("\r\n+QMTOPEN: 0,4\r\n");
  }
  SECTION("TLS with a broker that does not speak it") {
    host.command("AT+QMTCFG=\"ssl\",0,1,0");
    host.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", session.emulator.broker_port()));
    host.expect("\r\n+QMTOPEN: 0,-1\r\n");
  }
  host.command("AT+QMTOPEN?");
}

TEST_CASE("a broker that is killed and comes back [STAT-1] [OPEN-9] [OPEN-6]") {
  // The setup of Mosquitto knows no fixed port, but takes a second listener.
  const auto port = held_port();
  const MosquittoSetup setup{{}, fmt::format("listener {} 127.0.0.1\n", port)};
  Mosquitto first(setup);
  Session session;
  auto& host = session.host;
  session.open(0, port);
  session.connect(1, port, "connected");
  first.kill();
  host.expect_all({"\r\n+QMTSTAT: 0,1\r\n", "\r\n+QMTSTAT: 1,1\r\n"});
  host.command("AT+QMTOPEN?");
  host.command("AT+QMTCONN=0,\"late\"", "\r\nERROR\r\n");
  host.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", port));
  host.expect("\r\n+QMTOPEN: 0,-1\r\n");
  const Mosquitto second(setup);
  session.connect(0, port, "again");
  session.connect(1, port, "connected");
}
