// The application note's own example, typed at a real port against a real broker, and what the
// broker wrote into its log meanwhile.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/mqtt_tools.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

/// Types a line with echo on.
void type(SerialHost& host, const std::string& line, const std::string& answer) {
  host.send(line + "\r");
  host.expect(line + "\r\r\n" + answer);
}

void configure_and_open(SerialHost& host, bool aliauth) {
  type(host, R"(AT+QMTCFG="recv/mode",0,0,1)", "OK\r\n");
  if (aliauth)
    type(host,
         R"(AT+QMTCFG="aliauth",0,"oyjtmPI5a5j","MQTT_TEST","wN9Y6pZSlly7Exa5qVzcmigeGO4kAazZ")",
         "OK\r\n");
  type(host, "AT+QMTOPEN=?", "+QMTOPEN: (0-5),\"hostname\",(1-65535)\r\n\r\nOK\r\n");
  type(host, R"(AT+QMTOPEN=0,"broker.demo",1883)", "OK\r\n\r\n+QMTOPEN: 0,0\r\n");
  type(host, "AT+QMTOPEN?", "+QMTOPEN: 0,\"broker.demo\",1883\r\n\r\nOK\r\n");
}

void connect_and_subscribe(SerialHost& host) {
  type(host, "AT+QMTCONN=?",
       "+QMTCONN: (0-5),\"clientID\",\"username\",\"password\"\r\n\r\nOK\r\n");
  type(host, R"(AT+QMTCONN=0,"clientExample")", "OK\r\n\r\n+QMTCONN: 0,0,0\r\n");
  type(host, "AT+QMTSUB=?", "+QMTSUB: (0-5), <msgID>,list of [\"topic\",qos]\r\n\r\nOK\r\n");
  type(host, R"(AT+QMTSUB=0,1,"topic/example",2)", "OK\r\n\r\n+QMTSUB: 0,1,0,2\r\n");
  type(host, R"(AT+QMTSUB=0,1,"topic/pub",0)", "OK\r\n\r\n+QMTSUB: 0,1,0,0\r\n");
}

void converse(SerialHost& host, std::uint16_t broker) {
  const std::string related = "This is the payload related to topic";
  publish(broker, "topic/example", related);
  host.expect("\r\n+QMTRECV: 0,0,\"topic/example\",36,\"" + related + "\"\r\n");
  type(host, R"(AT+QMTUNS=0,2,"topic/example")", "OK\r\n\r\n+QMTUNS: 0,2,0,1\r\n");
  type(host, "AT+QMTPUBEX=?",
       "+QMTPUBEX: (0-5),<msgID>,(0-2),(0,1),\"topic\",\"length\"\r\n\r\nOK\r\n");
  type(host, R"(AT+QMTPUBEX=0,0,0,0,"topic/pub",30)", "> ");
  const std::string data = "This is test data, hello MQTT.";
  host.send(data);
  host.expect(data + "\r\nOK\r\n\r\n+QMTPUBEX: 0,0,0\r\n");
  host.expect("\r\n+QMTRECV: 0,0,\"topic/pub\",30,\"" + data + "\"\r\n");
}

}  // namespace

TEST_CASE("example 5.1 of the note, byte for byte [EX-1] [GRAM-2] [GRAM-3] [GRAM-9] [RECV-1]") {
  const std::string latency = GENERATE("instant", "typical");
  const bool aliauth = GENERATE(false, true);
  EmulatorProcess emulator({"--latency", latency});
  SerialHost host(emulator.port());
  Subscriber observer(emulator.broker_port(), "topic/pub");
  host.read_until("+QIND: PB DONE\r\n");
  configure_and_open(host, aliauth);
  connect_and_subscribe(host);
  converse(host, emulator.broker_port());
  CHECK(observer.heard("topic/pub", 0, false, "This is test data, hello MQTT."));
  type(host, "AT+QMTDISC=0", "OK\r\n\r\n+QMTDISC: 0,0\r\n");
  type(host, "AT", "OK\r\n");
}

TEST_CASE("the host's msgIDs are the packet ids on the wire [PUB-6] [SUB-4] [PUB-8]") {
  const Mosquitto broker;
  Session session;
  auto& host = session.host;
  session.connect(0, broker.port(), "wire");
  for (const int id : {7, 65535, 40000}) {
    host.command(fmt::format("AT+QMTSUB=0,{},\"t/{}\",2", id, id));
    host.expect(fmt::format("\r\n+QMTSUB: 0,{},0,2\r\n", id));
    host.command(fmt::format("AT+QMTUNS=0,{},\"t/{}\"", id, id));
    host.expect(fmt::format("\r\n+QMTUNS: 0,{},0,1\r\n", id));
    host.command(fmt::format("AT+QMTPUBEX=0,{},2,1,\"p/{}\",2", id, id), "\r\n> ");
    host.send("hi");
    host.expect(fmt::format("\r\nOK\r\n\r\n+QMTPUBEX: 0,{},0\r\n", id));
    CHECK(logs(broker,
               fmt::format("Received PUBLISH from wire (d0, q2, r1, m{}, 'p/{}', ... (2 bytes))",
                           id, id)));
    CHECK(logs(broker, fmt::format("Sending PUBCOMP to wire (m{}", id)));
  }
  CHECK(logs(broker, "t/40000 (QoS 2)"));
}

TEST_CASE("CONNECT carries the settings [CFG-version] [CFG-keepalive] [CFG-session] [CFG-will]") {
  const Mosquitto broker;
  Session session;
  auto& host = session.host;
  host.command("AT+QMTCFG=\"keepalive\",0,77");
  host.command("AT+QMTCFG=\"session\",0,0");
  host.command("AT+QMTCFG=\"will\",0,1,1,1,\"gone\",\"bye\"");
  session.connect(0, broker.port(), "old");
  host.command("AT+QMTCFG=\"version\",1,4");
  session.connect(1, broker.port(), "new");
  CHECK(logs(broker, " as old (p1, c0, k77)"));
  CHECK(logs(broker, "Will message specified (3 bytes) (r1, q1)."));
  CHECK(logs(broker, " as new (p2, c1, k120)"));
}

TEST_CASE("QMTOPEN makes one TCP connection, and CONNECT comes with QMTCONN [OPEN-3] [DISC-2]") {
  const Mosquitto broker;
  Session session;
  session.open(0, broker.port());
  session.host.command("AT");
  CHECK_FALSE(broker.logged("New client connected"));
  session.host.command("AT+QMTCONN=0,\"one\"");
  session.host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  session.host.command("AT+QMTDISC=0");
  session.host.expect("\r\n+QMTDISC: 0,0\r\n");
  CHECK(logs(broker, "Received DISCONNECT from one"));
}
