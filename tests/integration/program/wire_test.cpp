// What the modem sends to a broker, byte for byte, where no broker's log would show it.
#include "conformance/transcript/escape.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/rude_broker.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::string_literals;

namespace {

void check_heard(RudeBroker& broker, const std::string& packet) {
  CHECK(transcript::escaped(broker.hear(packet.size())) == transcript::escaped(packet));
}

/// Opens and connects client 0, which says `connect` to the broker.
void connect(Session& session, RudeBroker& broker, const std::string& arguments,
             const std::string& connect) {
  session.open(0, broker.port());
  broker.accept();
  session.host.command("AT+QMTCONN=0," + arguments);
  check_heard(broker, connect);
  broker.say("\x20\x02\0\0"s);
  session.host.expect("\r\n+QMTCONN: 0,0,0\r\n");
}

}  // namespace

TEST_CASE("CONNECT byte for byte [CONN-3] [CFG-version] [CFG-will] [CFG-session]") {
  RudeBroker broker;
  Session session;
  SECTION("with what is set when nothing is") {
    connect(session, broker, "\"id\"", "\x10\x10\0\6MQIsdp\3\2\0\x78\0\2id"s);
  }
  SECTION("with everything") {
    session.host.command("AT+QMTCFG=\"version\",0,4");
    session.host.command("AT+QMTCFG=\"session\",0,0");
    session.host.command("AT+QMTCFG=\"keepalive\",0,3600");
    session.host.command("AT+QMTCFG=\"will\",0,1,2,1,\"w\",\"gone\"");
    connect(session, broker, "\"id\",\"me\",\"pw\"",
            "\x10\x1F\0\4MQTT\4\xF4\x0E\x10\0\2id\0\1w\0\4gone\0\2me\0\2pw"s);
  }
}

TEST_CASE("the host's msgIDs in SUBSCRIBE and UNSUBSCRIBE [SUB-2] [SUB-4] [UNS-2]") {
  RudeBroker broker;
  Session session;
  auto& host = session.host;
  connect(session, broker, "\"id\"", "\x10\x10\0\6MQIsdp\3\2\0\x78\0\2id"s);
  for (const int id : {7, 65535, 40000}) {
    const std::string bytes{static_cast<char>(id >> 8), static_cast<char>(id & 0xFF)};
    host.command(fmt::format("AT+QMTSUB=0,{},\"a\",2,\"bc\",1", id));
    check_heard(broker, "\x82\x0B"s + bytes + "\0\1a\2\0\2bc\1"s);
    broker.say("\x90\x04"s + bytes + "\1\x80"s);
    host.expect(fmt::format("\r\n+QMTSUB: 0,{},0,1,128\r\n", id));
    host.command(fmt::format("AT+QMTUNS=0,{},\"a\",\"bc\"", id));
    check_heard(broker, "\xA2\x09"s + bytes + "\0\1a\0\2bc"s);
    broker.say("\xB0\x02"s + bytes);
    host.expect(fmt::format("\r\n+QMTUNS: 0,{},0,2\r\n", id));
  }
}

TEST_CASE("PUBLISH is sent again with DUP, then given up [PUB-9] [TIME-1] [TIME-2] [TIME-3]") {
  RudeBroker broker;
  Session session({"--time-scale", "10"});
  auto& host = session.host;
  host.command("AT+QMTCFG=\"timeout\",0,5,3,1");
  host.command("AT+QMTCFG=\"version\",0,4");
  // The keep-alive that the broker is told is scaled too.
  session.open(0, broker.port());
  broker.accept();
  host.command("AT+QMTCONN=0,\"id\"");
  broker.hear_some();
  broker.say("\x20\x02\0\0"s);
  host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  host.command("AT+QMTPUBEX=0,300,1,1,\"t\",2", "\r\n> ");
  host.send("hi");
  host.expect("\r\nOK\r\n");
  check_heard(broker, "\x33\x07\0\1t\1\x2Chi"s);
  host.expect("\r\n+QMTPUBEX: 0,300,1,1\r\n");
  check_heard(broker, "\x3B\x07\0\1t\1\x2Chi"s);
  host.expect("\r\n+QMTPUBEX: 0,300,1,2\r\n");
  check_heard(broker, "\x3B\x07\0\1t\1\x2Chi"s);
  host.expect("\r\n+QMTPUBEX: 0,300,2\r\n\r\n+QMTSTAT: 0,6\r\n");
}

TEST_CASE("DISCONNECT is the last word [DISC-2] [DISC-3]") {
  RudeBroker broker;
  Session session;
  connect(session, broker, "\"id\"", "\x10\x10\0\6MQIsdp\3\2\0\x78\0\2id"s);
  session.host.command("AT+QMTDISC=0");
  check_heard(broker, "\xE0\0"s);
  session.host.expect("\r\n+QMTDISC: 0,0\r\n");
  CHECK_THROWS(broker.hear_some());
}

TEST_CASE("each refusal of the broker is reported [CONN-5]") {
  const int code = GENERATE(range(1, 6));
  RudeBroker broker;
  Session session;
  session.open(0, broker.port());
  broker.accept();
  session.host.command("AT+QMTCONN=0,\"id\"");
  broker.hear_some();
  broker.say("\x20\x02\0"s + static_cast<char>(code));
  session.host.expect(fmt::format("\r\n+QMTCONN: 0,0,{}\r\n\r\n+QMTSTAT: 0,4\r\n", code));
  session.host.command("AT+QMTOPEN?");
}
