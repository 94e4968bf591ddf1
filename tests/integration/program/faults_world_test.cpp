// Faults that need real ports and real TLS.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mqtt_tools.hpp"

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
};

std::string opened(Session& session, Tls tls) {
  auto& host = session.host;
  host.command("AT+QSSLCFG=\"cacert\",0,\"demo_ca.pem\"");
  host.command(fmt::format("AT+QSSLCFG=\"seclevel\",0,{}", tls.seclevel));
  host.command(fmt::format("AT+QSSLCFG=\"ignorelocaltime\",0,{}", tls.ignorelocaltime));
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

}  // namespace

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
                                         {R"("mode":"cut","at_byte":10)", {0, 1}, false},
                                         {R"("mode":"version")", {0, 1}, false},
                                         {R"("mode":"suite")", {0, 1}, false}}));
  CAPTURE(row.params, row.tls.seclevel, row.tls.ignorelocaltime);
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
