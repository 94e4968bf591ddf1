// What shipping host drivers and terminal programs do at a port that a careful reader of the
// application note would not expect.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mqtt_tools.hpp"
#include "tests/support/skip.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const std::string published = "\r\n+QMTPUBEX: 0,1,0\r\n";

void ask_for_prompt(SerialHost& host, int length) {
  host.command(fmt::format("AT+QMTPUBEX=0,1,1,0,\"out\",{}", length), "\r\n> ");
}

}  // namespace

TEST_CASE("lines end with CR, with CR LF, and come after junk [GRAM-1]") {
  Session session;
  const auto line = GENERATE(as<std::string>(), "AT\r", "AT\r\n", "\r\nAT\r", "\nat\r",
                             "\x1B\x1B\x1B"
                             "AT\r",
                             "\x1A"
                             "AT\r",
                             "\0\0\0AT\r"s,
                             "\xF9\x03\xEF\x05\xC3\x01\xF2\xF9"
                             "AT\r",
                             "+++AT\r");
  session.host.send(line);
  session.host.expect("\r\nOK\r\n");
  session.host.command("AT");
}

TEST_CASE("bytes after the announced payload are dropped [PUB-3]") {
  Session session;
  Subscriber observer(session.emulator.broker_port(), "out");
  session.connect(0, session.emulator.broker_port(), "habits");
  ask_for_prompt(session.host, 2);
  const auto more = GENERATE(as<std::string>(), "", "\x1A", "\r", "\r\n", "rest", "rest\r\n");
  session.host.send("hi" + more);
  session.host.expect("\r\nOK\r\n" + published);
  CHECK(observer.heard("out", 1, false, "hi"));
  session.host.command("AT");
}

TEST_CASE("Ctrl-Z, CR or CR LF in a write of its own after the payload does no harm [GRAM-1]") {
  Session session;
  session.connect(0, session.emulator.broker_port(), "habits");
  ask_for_prompt(session.host, 2);
  session.host.send("hi");
  session.host.expect("\r\nOK\r\n" + published);
  session.host.send(GENERATE(as<std::string>(), "\x1A", "\r", "\r\n"));
  session.host.command("AT");
}

TEST_CASE("LF that comes after the prompt is no payload [GRAM-1]") {
  Session session;
  Subscriber observer(session.emulator.broker_port(), "out");
  session.connect(0, session.emulator.broker_port(), "habits");
  ask_for_prompt(session.host, 2);
  session.host.send("\n");
  session.host.send("hi");
  session.host.expect("\r\nOK\r\n" + published);
  CHECK(observer.heard("out", 1, false, "hi"));
}

TEST_CASE("payload and next command in the burst of the command [GRAM-9] [PUB-3]") {
  Session session;
  Subscriber observer(session.emulator.broker_port(), "out");
  session.connect(0, session.emulator.broker_port(), "habits");
  session.host.send("AT+QMTPUBEX=0,1,1,0,\"out\",5\rhello\r\nAT+CSQ\r");
  session.host.expect("\r\n> \r\nOK\r\n");
  session.host.expect_all({"\r\n+CSQ: 24,99\r\n\r\nOK\r\n", published});
  CHECK(observer.heard("out", 1, false, "hello"));
}

TEST_CASE("payload four seconds after the prompt [GRAM-9]") {
  Session session({"--time-scale", "50"});
  session.connect(0, session.emulator.broker_port(), "slow");
  ask_for_prompt(session.host, 2);
  CHECK(session.host.quiet_for(80ms));
  session.host.send("hi");
  session.host.expect("\r\nOK\r\n" + published);
}

TEST_CASE("a payload that never comes ends with edit/timeout [CFG-edit/timeout]") {
  Session session({"--time-scale", "50"});
  session.host.command("AT+QMTCFG=\"edit/timeout\",0,1,4");
  session.connect(0, session.emulator.broker_port(), "slow");
  ask_for_prompt(session.host, 2);
  const auto start = std::chrono::steady_clock::now();
  session.host.expect("\r\nERROR\r\n");
  CHECK(ms_since(start) >= 75);
  session.host.command("AT");
}

TEST_CASE("configuration keys in any case, blanks, quoted numbers [GRAM-6]") {
  Session session;
  session.host.command("AT+QMTCFG=\"SSL\",0", "\r\n+QMTCFG: \"ssl\",0\r\n\r\nOK\r\n");
  session.host.command("at+qmtcfg=\"KeepAlive\", 0, \"60\" ");
  session.host.command("AT+QMTCFG=\"keepalive\",0", "\r\n+QMTCFG: \"keepalive\",60\r\n\r\nOK\r\n");
}

TEST_CASE("the port is opened and closed for every command [GRAM-12]") {
  constexpr int times = 30;
  Session session;
  session.connect(0, session.emulator.broker_port(), "coming and going");
  session.host.leave();
  for (int i = 0; i < times; ++i) {
    SerialHost host(session.emulator.port());
    host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
  }
  SerialHost host(session.emulator.port());
  host.command("AT+QMTSUB=0,1,\"t\",1");
  host.expect("\r\n+QMTSUB: 0,1,0,1\r\n");
}

TEST_CASE("a host that leaves in the middle of a payload can complete it later [GRAM-12]") {
  Session session;
  Subscriber observer(session.emulator.broker_port(), "out");
  session.connect(0, session.emulator.broker_port(), "gone");
  ask_for_prompt(session.host, 8);
  session.host.send("half");
  session.host.leave();
  SerialHost host(session.emulator.port());
  host.send("done");
  host.expect("\r\nOK\r\n" + published);
  CHECK(observer.heard("out", 1, false, "halfdone"));
}

TEST_CASE("two programs have the port open at once") {
  Session session;
  {
    SerialHost other(session.emulator.port());
    other.command("AT");
  }
  session.host.command("AT");
}

TEST_CASE("chat works at the port") {
  if (lacks("chat")) return;
  const EmulatorProcess emulator;
  Program chat({"sh", "-c", "PATH=$PATH:/usr/sbin; chat -t 5 '' ATE0 OK AT+CSQ 24,99 <$0 >$0",
                emulator.port()});
  INFO(chat.err());
  CHECK(chat.end() == 0);
}

TEST_CASE("socat works at the port") {
  if (lacks("socat")) return;
  const EmulatorProcess emulator;
  Program socat({"socat", "-", emulator.port() + ",raw,echo=0"});
  REQUIRE(socat.wait_for_out(boot_text));
  socat.say("AT\r");
  REQUIRE(socat.wait_for_out("OK\r\n"));
  CHECK(socat.out() == boot_text + "AT\r\r\nOK\r\n");
}

TEST_CASE("picocom works at the port") {
  if (lacks("picocom")) return;
  const EmulatorProcess emulator;
  Program picocom({"picocom", "--nolock", "--baud", "115200", emulator.port()});
  // It throws away what came before this line.
  REQUIRE(picocom.wait_for_out("Terminal ready\r\n"));
  picocom.say("AT\r");
  CHECK(picocom.wait_for_out("AT\r\r\nOK\r\n"));
}
