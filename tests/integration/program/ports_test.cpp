// Ports other than one pseudo-terminal: TCP, pipes, and two at once.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mqtt_tools.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

TEST_CASE("a second host at a TCP port is told and turned away") {
  Session session({"--port", "tcp:127.0.0.1:0"});
  {
    SerialHost second(session.emulator.port());
    second.expect("port is in use by another host\r\n");
    CHECK(second.at_end());
  }
  session.host.command("AT");
  session.connect(0, session.emulator.broker_port(), "tcp");
  session.host.leave();
  // Until the end of the first host was seen, another is turned away.
  const auto start = std::chrono::steady_clock::now();
  bool admitted = false;
  while (!admitted && ms_since(start) < 10'000) {
    SerialHost next(session.emulator.port());
    next.send("AT+QMTCONN?\r");
    admitted = next.read_until("\r\n").rfind("port is in use", 0) != 0;
    if (admitted) next.expect("+QMTCONN: 0,3\r\n\r\nOK\r\n");
  }
  CHECK(admitted);
}

TEST_CASE("two ports are two channels; results go to who asked, URCs to the first [GRAM-10]") {
  Session session({"--port", "pty", "--port", "tcp:127.0.0.1:0"});
  SerialHost second(session.emulator.port(1));
  second.command("AT", "AT\r\r\nOK\r\n");
  second.command("ATE0", "ATE0\r\r\nOK\r\n");
  second.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", session.emulator.broker_port()));
  second.expect("\r\n+QMTOPEN: 0,0\r\n");
  second.command("AT+QMTCONN=0,\"two\"");
  second.expect("\r\n+QMTCONN: 0,0,0\r\n");
  session.host.command("AT+QMTSUB=0,1,\"t\",1");
  session.host.expect("\r\n+QMTSUB: 0,1,0,1\r\n");
  publish(session.emulator.broker_port(), "t", "hello", 1);
  session.host.expect("\r\n+QMTRECV: 0,1,\"t\",\"hello\"\r\n");
  second.command("AT");
}

TEST_CASE("standard input and output are a port; the end of the input ends the program") {
  Program program({binary(), "--port", "stdio", "--latency", "instant"});
  REQUIRE(program.wait_for_out(boot_text));
  program.say("AT\rATE0\rAT\r");
  program.end_input();
  CHECK(program.end() == 0);
  CHECK(program.out() == boot_text + "AT\r\r\nOK\r\nATE0\r\r\nOK\r\n\r\nOK\r\n");
  CHECK_THAT(program.err(), Catch::StartsWith("port stdio"));
  CHECK_THAT(program.err(), Catch::EndsWith("ready\r\n"));
}

TEST_CASE("a script that has said its last over TCP still gets its results") {
  if (installed("socat").empty()) {
    WARN("socat is not installed");
    return;
  }
  EmulatorProcess emulator(
      {"--port", "tcp:127.0.0.1:0", "--power", "at-start", "--latency", "400"});
  const auto words = R"(printf 'AT+QMTOPEN=0,"broker.demo",1883\r' | socat -t 60 - TCP:)";
  Program script({"sh", "-c", words + emulator.port()});
  CHECK(script.wait_for_out("\r\n+QMTOPEN: 0,0\r\n"));
  SerialHost next(emulator.port());
  next.send("AT\r");
  next.read_until("OK\r\n");
  CHECK(script.end() == 0);
}
