// Hosts and brokers that break every rule. The modem may complain; it must go on.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mqtt_tools.hpp"
#include "tests/support/rude_broker.hpp"

#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const std::string connack("\x20\x02\0\0", 4);

std::string noise(unsigned seed, std::size_t size) {
  std::mt19937 random(seed);
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random() & 0xFF);
  return bytes;
}

const std::vector<std::string>& nonsense() {
  static const std::vector<std::string> list{
      "\xFF\xFF\xFF\xFF\xFF\xFF"s,
      // 'H' is PUBACK and 'T' a length of 84: it takes that many bytes to see that they are wrong.
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n"
      "Connection: close\r\n\r\nBad Request\n"s,
      "\0\0\0\0"s,
      "\x36\x04\0\1tx"s,       // PUBLISH with qos 3
      "\x30\x03\x00\x05t"s,    // a topic longer than its packet
      "\x82\x06\0\1\0\1t\0"s,  // SUBSCRIBE, which is the client's
      "\x40\x01\x01"s,         // PUBACK without an id
      noise(5, 4096)};
  return list;
}

}  // namespace

TEST_CASE("a megabyte of random bytes at the port [GRAM-11]") {
  const unsigned seed = GENERATE(1U, 2U, 3U);
  Session session;
  session.host.send(noise(seed, 1'000'000));
  // Among so many bytes there may be a command: V0 would make results numbers.
  session.host.send("\rATE0Q0V1\r");
  session.host.send("AT+CSQ\r");
  session.host.read_until("\r\n+CSQ: 24,99\r\n\r\nOK\r\n", 5s);
  session.host.command("AT");
}

TEST_CASE("random bytes between commands at a connected client") {
  Session session;
  session.connect(0, session.emulator.broker_port(), "amid noise");
  for (unsigned round = 0; round < 20; ++round) {
    session.host.send(noise(round, 2000) + "\r");
    session.host.send("ATE0Q0V1\rAT+QMTCONN?\r");
    session.host.read_until("\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
  }
}

TEST_CASE("a broker that talks nonsense before CONNECT [STAT-8]") {
  const auto& bytes = GENERATE(from_range(nonsense()));
  RudeBroker broker;
  Session session;
  session.open(0, broker.port());
  broker.accept();
  broker.say(bytes);
  session.host.expect("\r\n+QMTSTAT: 0,8\r\n");
  session.host.command("AT+QMTOPEN?");
}

TEST_CASE("a broker that talks nonsense instead of CONNACK [CONN-6]") {
  const auto& bytes = GENERATE(from_range(nonsense()));
  RudeBroker broker;
  Session session;
  session.open(0, broker.port());
  broker.accept();
  session.host.command("AT+QMTCONN=0,\"id\"");
  broker.hear_some();
  broker.say(bytes);
  session.host.expect("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,4\r\n");
  session.host.command("AT+QMTOPEN?");
}

TEST_CASE("a broker that talks nonsense after CONNACK [STAT-8]") {
  const auto& bytes = GENERATE(from_range(nonsense()));
  RudeBroker broker;
  Session session;
  session.open(0, broker.port());
  broker.accept();
  session.host.command("AT+QMTCONN=0,\"id\"");
  broker.hear_some();
  broker.say(connack + bytes);
  session.host.expect("\r\n+QMTCONN: 0,0,0\r\n\r\n+QMTSTAT: 0,8\r\n");
  session.host.command("AT+QMTOPEN?");
  session.connect(0, session.emulator.broker_port(), "elsewhere");
}

TEST_CASE("a broker that accepts and says nothing [CONN-6] [STAT-2..6]") {
  RudeBroker broker;
  Session session({"--time-scale", "20"});
  session.open(0, broker.port());
  const auto start = std::chrono::steady_clock::now();
  session.host.command("AT+QMTCONN=0,\"id\"");
  session.host.expect("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,4\r\n");
  CHECK(ms_since(start) >= 749);
  session.host.command("AT+QMTOPEN?");
}

TEST_CASE("a host that never reads blocks nobody else [RECV-9]") {
  constexpr int count = 1000;
  const std::string line(1000, 'x');
  Session session({"--port", "pty", "--port", "pty"});
  const auto broker = session.emulator.broker_port();
  SerialHost second(session.emulator.port(1));
  second.command("ATE0", "ATE0\r\r\nOK\r\n");
  session.connect(0, broker, "deaf");
  session.host.command("AT+QMTSUB=0,1,\"t\",0");
  session.host.expect("\r\n+QMTSUB: 0,1,0,0\r\n");
  std::string lines;
  for (int i = 0; i < count; ++i) lines += fmt::format("{}{}\n", line, i);
  publish_lines(broker, "t", lines);
  for (int i = 0; i < 100; ++i) second.command("AT");
  second.command(fmt::format("AT+QMTOPEN=1,\"127.0.0.1\",{}", broker));
  for (int i = 0; i < count; ++i)
    session.host.expect(fmt::format("\r\n+QMTRECV: 0,0,\"t\",\"{}{}\"\r\n", line, i));
  second.expect("\r\n+QMTOPEN: 1,0\r\n");
}
