// Faults that need real ports, real brokers and real TLS.
#include "tests/support/certificates.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/mqtt_tools.hpp"

#include <termios.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

/// A modem with these faults.
struct Troubled {
  explicit Troubled(const std::string& faults, EmulatorProcess::Options options = {})
      : session(with(std::move(options), faults)) {}

  EmulatorProcess::Options with(EmulatorProcess::Options options, const std::string& faults) {
    const auto path = scratch.file("faults.json");
    std::ofstream(path) << faults;
    options.insert(options.end(), {"--faults", path});
    return options;
  }

  ScratchDirectory scratch;
  Session session;
};

struct Tls {
  int seclevel;
  int ignorelocaltime;
  int sni = 0;
};

std::string opened(Session& session, Tls tls) {
  auto& host = session.host;
  host.command("AT+QSSLCFG=\"cacert\",0,\"demo_ca.pem\"");
  host.command(fmt::format("AT+QSSLCFG=\"seclevel\",0,{}", tls.seclevel));
  host.command(fmt::format("AT+QSSLCFG=\"ignorelocaltime\",0,{}", tls.ignorelocaltime));
  host.command(fmt::format("AT+QSSLCFG=\"sni\",0,{}", tls.sni));
  host.command("AT+QMTCFG=\"ssl\",0,1,0");
  host.command("AT+QMTOPEN=0,\"broker.demo\",8883");
  host.expect("\r\n+QMTOPEN: 0,");
  return host.read_until("\r\n");
}

void talks(Session& session) {
  auto& host = session.host;
  host.command("AT+QMTCONN=0,\"thing\"");
  host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  host.command("AT+QMTSUB=0,1,\"t\",1");
  host.expect("\r\n+QMTSUB: 0,1,0,1\r\n");
  publish(session.emulator.broker_port(), "t", "hello", 1);
  host.expect("\r\n+QMTRECV: 0,1,\"t\",\"hello\"\r\n");
}

/// Lines that make a mosquitto listen with TLS too.
std::string tls_listener(const Certificates& certificates, std::uint16_t port) {
  return fmt::format("listener {} 127.0.0.1\ncertfile {}\nkeyfile {}\n", port,
                     certificates.path("server.pem"), certificates.path("server.key"));
}

}  // namespace

TEST_CASE("rate: a host on a pseudo-terminal is understood once it has followed [CTL-10]") {
  Troubled troubled(R"({"type":"rate","when":{"command":"CSQ"},"count":1,"params":{"baud":9600}})",
                    {"--trace", "/dev/stderr"});
  auto& host = troubled.session.host;
  auto& program = troubled.session.emulator.program();
  const auto port = troubled.session.emulator.port();
  set_speed(port, B115200);
  host.command("AT");
  host.send("AT+CSQ\r");
  CHECK(program.wait_for_err("the host runs at 115200 baud, the module at 9600"));
  host.send("AT+CGMM\r");
  CHECK(program.wait_for_err("uart1 > \"\\x"));
  set_speed(port, B9600);
  host.send("\rAT\r");
  host.read_until("\r\nOK\r\n");
  host.command("AT+CGMM", "\r\nEG916Q\r\n\r\nOK\r\n");
}

TEST_CASE("message: what is hard to read comes from a real broker's link [CTL-10]") {
  Troubled troubled(R"([
      {"type":"message","when":{"command":"CSQ"},"count":1,
       "params":{"topic":"a/b","payload":"stat","qos":1}},
      {"type":"message","when":{"command":"CREG"},"count":1,
       "params":{"topic":"a/b","payload":"quotes"}}])");
  auto& session = troubled.session;
  session.connect(0, session.emulator.broker_port(), "reader");
  session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  session.host.expect("\r\n+QMTRECV: 0,65535,\"a/b\",\"\r\n+QMTSTAT: 0,1\r\n\"\r\n");
  session.host.command("AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
  session.host.expect("\r\n+QMTRECV: 0,0,\"a/b\",\"say \"hello\", \"you\"\"\r\n");
  session.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
}

TEST_CASE("retained-flood: behind the SUBACK of a real broker [CTL-10]") {
  Troubled troubled(R"({"type":"retained-flood","count":1,
                        "params":{"count":3,"topic":"old","bytes":2}})");
  auto& session = troubled.session;
  session.connect(0, session.emulator.broker_port(), "late");
  session.host.command("AT+QMTSUB=0,1,\"#\",1");
  session.host.expect("\r\n+QMTSUB: 0,1,0,1\r\n");
  for (const auto* topic : {"old/1", "old/2", "old/3"})
    session.host.expect(fmt::format("\r\n+QMTRECV: 0,0,\"{}\",\"xx\"\r\n", topic));
  publish(session.emulator.broker_port(), "t", "hello", 1);
  session.host.expect("\r\n+QMTRECV: 0,1,\"t\",\"hello\"\r\n");
}

TEST_CASE("tls: between a module and a broker that has TLS of its own [CTL-10]") {
  const Certificates certificates;
  const auto port = held_port();
  const Mosquitto broker({.extra = tls_listener(certificates, port)});
  Troubled troubled(R"({"type":"tls","count":1,"params":{"mode":"expired"}})",
                    {"--file", "ca.pem=" + certificates.path("ca.pem")});
  auto& host = troubled.session.host;
  host.command("AT+QSSLCFG=\"cacert\",0,\"ca.pem\"");
  host.command("AT+QSSLCFG=\"seclevel\",0,1");
  host.command("AT+QSSLCFG=\"ignorelocaltime\",0,0");
  host.command("AT+QMTCFG=\"ssl\",0,1,0");
  const auto open = fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", port);
  host.command(open);
  host.expect("\r\n+QMTOPEN: 0,-1\r\n");
  host.command(open);
  host.expect("\r\n+QMTOPEN: 0,0\r\n");
  host.command("AT+QMTCONN=0,\"thing\"");
  host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  CHECK(broker.logged("thing"));
}

TEST_CASE("port-vanish: a pseudo-terminal and a TCP port go and come back [CTL-10]") {
  const std::string port = GENERATE("pty", "tcp:127.0.0.1:0");
  CAPTURE(port);
  Troubled troubled(R"([
      {"type":"reply-drop","when":{"command":"CSQ"},"count":1},
      {"type":"port-vanish","when":{"command":"CSQ"},"count":1,"params":{"ms":300}}])",
                    {"--port", port});
  auto& session = troubled.session;
  session.host.send("AT+CSQ\r");
  CHECK(session.host.at_end());
  session.host.leave();
  const auto start = std::chrono::steady_clock::now();
  bool back = false;
  while (!back && ms_since(start) < 10'000) {
    try {
      SerialHost next(session.emulator.port());
      next.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
      back = true;
    } catch (const std::runtime_error&) {
      // It is not there yet.
    }
  }
  CHECK(back);
}

TEST_CASE("tls: a module that checks meets what is wrong, and no other [CTL-10]") {
  struct Row {
    std::string params;
    Tls tls;
    bool passes;
  };
  const auto row = GENERATE(values<Row>({{R"("mode":"expired")", {1, 0}, false},
                                         {R"("mode":"expired")", {1, 1}, true},
                                         {R"("mode":"expired")", {0, 0}, true},
                                         {R"("mode":"unknown-ca")", {1, 1}, false},
                                         {R"("mode":"unknown-ca")", {0, 1}, true},
                                         {R"("mode":"wrong-name")", {1, 0}, true},
                                         {R"("mode":"wrong-name")", {1, 1, 1}, false},
                                         {R"("mode":"wrong-name")", {0, 1, 1}, true},
                                         {R"("mode":"cut","at_byte":10)", {0, 1}, false},
                                         {R"("mode":"version")", {0, 1}, false},
                                         {R"("mode":"suite")", {0, 1}, false}}));
  CAPTURE(row.params, row.tls.seclevel, row.tls.ignorelocaltime, row.tls.sni);
  Troubled troubled(R"({"type":"tls","count":1,"params":{)" + row.params + "}}");
  auto& session = troubled.session;
  CHECK(opened(session, row.tls) == (row.passes ? "0\r\n" : "-1\r\n"));
  if (!row.passes) CHECK(opened(session, {1, 0}) == "0\r\n");
  talks(session);
}

TEST_CASE("tls: a handshake that stalls ends by the module's own limit [CTL-10]") {
  Troubled troubled(R"({"type":"tls","count":1,"params":{"mode":"stall"}})",
                    {"--time-scale", "100"});
  troubled.session.host.command("AT+QSSLCFG=\"negotiatetime\",0,30");
  CHECK(opened(troubled.session, {0, 1}) == "-1\r\n");
}
