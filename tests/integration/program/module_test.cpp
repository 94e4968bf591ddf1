// The module as a thing that is switched on and off, remembers, and writes a trace.
#include "tests/support/emulator_process.hpp"

#include <fstream>

#include <catch2/catch.hpp>

using namespace support;

TEST_CASE("a trace has both directions") {
  const ScratchDirectory scratch;
  Session session({"--trace", scratch.file("trace")});
  session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  const auto trace = contents(scratch.file("trace"));
  CHECK(trace.find(R"( uart1 > "AT+CSQ\r")") != std::string::npos);
  CHECK(trace.find(R"( uart1 < "\r\n+CSQ: 24,99\r\n\r\nOK\r\n")") != std::string::npos);
}

TEST_CASE("a trace to a full disk ends the trace only") {
  Session session({"--trace", "/dev/full"});
  session.host.command("AT");
  CHECK(session.emulator.program().wait_for_err("tracing ends"));
  session.host.command("AT");
}

TEST_CASE("AT&W lasts from one run to the next") {
  const ScratchDirectory scratch;
  const EmulatorProcess::Options options{"--state-dir", scratch.file("state")};
  {
    Session session(options);
    session.host.command("AT&W");
    CHECK(session.emulator.program().terminate() == 0);
  }
  {
    const EmulatorProcess emulator(options);
    SerialHost host(emulator.port());
    host.expect(boot_text);
    host.command("AT");
  }
  const std::string damage = "{ \"uart1\": ";
  std::ofstream(scratch.file("state/profiles.json")) << damage;
  EmulatorProcess emulator(options);
  CHECK(emulator.program().wait_for_err("damaged"));
  CHECK(contents(scratch.file("state/profiles.json.damaged")) == damage);
  SerialHost host(emulator.port());
  host.expect(boot_text);
  host.command("AT", "AT\r\r\nOK\r\n");
}

TEST_CASE("a module that is on from the start says nothing when a host comes") {
  const EmulatorProcess emulator({"--power", "at-start"});
  SerialHost host(emulator.port());
  host.command("AT", "AT\r\r\nOK\r\n");
}

TEST_CASE("a module that was powered down is switched on by the next host [GRAM-12]") {
  Session session;
  session.open(0, session.emulator.broker_port());
  session.host.command("AT+QPOWD=1");
  session.host.expect("\r\nPOWERED DOWN\r\n");
  session.host.leave();
  SerialHost host(session.emulator.port());
  host.expect(boot_text);
  host.command("AT+QMTOPEN?", "AT+QMTOPEN?\r\r\nOK\r\n");
}

TEST_CASE("AT+CFUN=1,1 restarts the module [GRAM-12] [CFG-4]") {
  Session session;
  session.host.command("AT+QMTCFG=\"keepalive\",0,60");
  session.open(0, session.emulator.broker_port());
  session.host.command("AT+CFUN=1,1");
  session.host.expect(boot_text);
  session.host.command("AT+QMTCFG=\"keepalive\",0",
                       "AT+QMTCFG=\"keepalive\",0\r\r\n+QMTCFG: \"keepalive\",120\r\n\r\nOK\r\n");
  session.host.command("AT+QMTOPEN?", "AT+QMTOPEN?\r\r\nOK\r\n");
}
