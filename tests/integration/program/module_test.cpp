// The module as a thing that is switched on and off, remembers, and writes a trace.
#include "tests/support/emulator_process.hpp"
#include "tests/support/places.hpp"
#include "tests/support/rude_broker.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include <catch2/catch.hpp>

using namespace support;

TEST_CASE("a trace has both directions") {
  const ScratchDirectory scratch;
  Session session({"--trace", scratch.file("trace")});
  session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  CHECK(session.emulator.program().terminate() == 0);
  const auto trace = contents(scratch.file("trace"));
  CHECK(trace.find(R"( uart1 > "AT+CSQ\r")") != std::string::npos);
  CHECK(trace.find(R"( uart1 < "\r\n+CSQ: 24,99\r\n\r\nOK\r\n")") != std::string::npos);
}

TEST_CASE("a trace to a full disk ends the trace only") {
  Session session({"--trace", "/dev/full"});
  session.host.command("AT");
  CHECK(session.emulator.program().wait_for_err(
      "/dev/full cannot be written any more: No space left"));
  session.host.command("AT");
}

TEST_CASE("a trace to a reader that does not read silences no port") {
  const ScratchDirectory scratch;
  REQUIRE(::mkfifo(scratch.file("fifo").c_str(), 0600) == 0);
  const int reader = ::open(scratch.file("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  {
    Session session({"--trace", scratch.file("fifo")});
    for (int i = 0; i < 1000; ++i) session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  }
  ::close(reader);
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

TEST_CASE("settings last from one run to the next; a damaged file is told, kept, and left behind") {
  const ScratchDirectory scratch;
  const EmulatorProcess::Options options{"--state-dir", scratch.file("state")};
  {
    Session session(options);
    session.host.command("AT+CGDCONT=1,\"IP\",\"kept\"");
    session.host.command("AT+QCFG=\"ledmode\",2");
    // Taken with OK, and on the disk when the program has ended.
    CHECK(session.emulator.program().terminate() == 0);
  }
  {
    Session session(options);
    session.host.command("AT+CGDCONT?",
                         "\r\n+CGDCONT: 1,\"IP\",\"kept\",\"0.0.0.0\",0,0,0,0\r\n\r\nOK\r\n");
    session.host.command("AT+QCFG=\"ledmode\"", "\r\n+QCFG: \"ledmode\",2\r\n\r\nOK\r\n");
  }
  const std::string damage = contents(scratch.file("state/settings.json")).substr(0, 40);
  std::ofstream(scratch.file("state/settings.json")) << damage;
  Session session(options);
  CHECK(session.emulator.program().wait_for_err("settings.json is damaged"));
  CHECK(contents(scratch.file("state/settings.json.damaged")) == damage);
  session.host.command("AT+CGDCONT?",
                       "\r\n+CGDCONT: 1,\"IP\",\"\",\"0.0.0.0\",0,0,0,0\r\n\r\nOK\r\n");
  session.host.command("AT+QCFG=\"ledmode\"", "\r\n+QCFG: \"ledmode\",0\r\n\r\nOK\r\n");
}

TEST_CASE("the drive through a tunnel loses the network and finds it again") {
  Session session({"--scenario", in_tree("examples/scenarios/tunnel.json"), "--time-scale", "10"});
  session.host.command("AT+COPS?", "\r\n+COPS: 0,0,\"CHN-UNICOM\",7\r\n\r\nOK\r\n");
  session.host.command("AT+CREG=1");
  session.open(0, session.emulator.broker_port());
  session.host.expect("\r\n+QMTSTAT: 0,7\r\n\r\n+CREG: 2\r\n");
  session.host.command("AT+CSQ", "\r\n+CSQ: 99,99\r\n\r\nOK\r\n");
  session.host.expect("\r\n+CREG: 1\r\n");
  session.open(0, session.emulator.broker_port());
}

TEST_CASE("every modem of a fleet says its own numbers") {
  Session session({"--instance", "7", "--demo-broker", "off"});
  session.host.command("AT+CGSN", "\r\n866764060000084\r\n\r\nOK\r\n");
  session.host.command("AT+CIMI", "\r\n001010000000008\r\n\r\nOK\r\n");
  session.host.command("AT+QCCID", "\r\n+QCCID: 89882390000000000086\r\n\r\nOK\r\n");
}

TEST_CASE("bytes over links are counted, and kept when saved") {
  const ScratchDirectory scratch;
  const EmulatorProcess::Options options{"--state-dir", scratch.file("state")};
  {
    RudeBroker broker;
    Session session(options);
    session.open(0, broker.port());
    broker.accept();
    session.host.command("AT+QMTCONN=0,\"id\"");
    // CONNECT of MQTT 3.1 with this id has 18 bytes, CONNACK 4.
    broker.hear(18);
    broker.say(std::string("\x20\x02\0\0", 4));
    session.host.expect("\r\n+QMTCONN: 0,0,0\r\n");
    session.host.command("AT+QGDCNT?", "\r\n+QGDCNT: 18,4\r\n\r\nOK\r\n");
    session.host.command("AT+QGDCNT=1");
    session.host.command("AT+QMTPUBEX=0,0,0,0,\"t\",2", "\r\n> ");
    session.host.send("hi");
    session.host.expect("\r\nOK\r\n\r\n+QMTPUBEX: 0,0,0\r\n");
    session.host.command("AT+QGDCNT?", "\r\n+QGDCNT: 25,4\r\n\r\nOK\r\n");
  }
  Session session(options);
  session.host.command("AT+QGDCNT?", "\r\n+QGDCNT: 18,4\r\n\r\nOK\r\n");
  session.host.command("AT+QGDCNT=0");
  session.host.command("AT+QGDCNT?", "\r\n+QGDCNT: 0,0\r\n\r\nOK\r\n");
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
