// Data calls of the module: dialling, what a host gets, and every way in which a call ends, in
// virtual time. What is behind PPP here is no network, which answers pings.
#include "data_services/ppp/dial_string.hpp"
#include "tests/support/mux_host.hpp"
#include "tests/support/ppp_host.hpp"
#include "tests/support/service_bench.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

namespace {

const std::string ok = "\r\nOK\r\n";
const std::string connect = "\r\nCONNECT 150000000\r\n";
const std::string no_carrier = "\r\nNO CARRIER\r\n";

/// An ICMP echo of 10.64.12.3 to 10.64.12.2, and its reply.
const std::string ping =
    "45 00 00 1C 00 01 00 00 40 01 4E 5C 0A 40 0C 03 0A 40 0C 02 08 00 F7 FF 00 00 00 00";
/// A datagram of it to 192.0.2.1, port 9.
const std::string to_far =
    "45 00 00 1D 00 01 00 00 40 11 A2 8B 0A 40 0C 03 C0 00 02 01 04 00 00 09 00 09 00 00 78";

struct Bench : ServiceBench {
  explicit Bench(emulator::Modem::Settings settings = {})
      : ServiceBench("ATE0;+CMEE=1\r", settings),
        host([this](const std::string& bytes) { world.terminals[0]->receive(bytes); }) {}

  void pass(at::Duration time) { world.timeline.run_until(world.timeline.now() + time); }
  /// Hears until nothing more comes.
  void talk() {
    for (auto heard = said(); !heard.empty(); heard = said()) host.hear(heard);
  }
  void dial(const std::string& command = "ATD*99#") {
    type(command + "\r");
    CHECK(said() == connect);
  }
  void go_up() {
    dial();
    host.begin();
    talk();
    REQUIRE(host.is_up());
  }
  std::string other(const std::string& line) {
    world.terminals[1]->receive(line + "\r");
    world.settle();
    return std::exchange(world.ports[1].unread, {});
  }

  PppHost host;
};

emulator::Modem::Settings with_knob(const std::string& assignment) {
  emulator::Modem::Settings settings;
  REQUIRE_FALSE(settings.knobs.set(assignment));
  return settings;
}

}  // namespace

TEST_CASE("what is dialled for packet data, and what is not [PPP-1] [T-14]") {
  using data_services::ppp::dialled_context;
  for (const auto* one : {"*99#", "*99##", "*99***1#", "T*99#", "P*99#", "*99**PPP*1#", "*99**1*1#",
                          "*99**ppp*1#", "*,9W9!@#"}) {
    CAPTURE(one);
    CHECK(dialled_context(one) == 1);
  }
  CHECK(dialled_context("*99***3#") == 3);
  CHECK(dialled_context("*99***15#") == 15);
  for (const auto* none :
       {"", "*99", "*98#", "*99*1#", "*99***#", "*99***0#", "*99***16#", "*99***1", "*99***a#",
        "*99**IP*1#", "*99###", "+4912345;", "123", "*99***1##"}) {
    CAPTURE(none);
    CHECK_FALSE(dialled_context(none));
  }
}

TEST_CASE("a host gets the address and the servers of its context [PPP-2] [PPP-34] [PPP-37]") {
  Bench bench;
  bench.go_up();
  CHECK(bench.host.address() == "0A 40 0C 03");  // as +CGPADDR
  CHECK(bench.host.servers() == "08 08 08 08, 08 08 04 04");
  CHECK(bench.other("ATE0;+CGPADDR=1").find("+CGPADDR: 1,\"10.64.12.3\"") != std::string::npos);
}

TEST_CASE("CONNECT says a rate under ATX1 and above, unless told not to [PPP-2] [PPP-3]") {
  SECTION("ATX0") {
    Bench bench;
    bench.type("ATX0;D*99#\r");
    CHECK(bench.said() == "\r\nCONNECT\r\n");
  }
  SECTION("ATX1") {
    Bench bench;
    bench.type("ATX1;D*99#\r");
    CHECK(bench.said() == connect);
  }
  SECTION("ATV0") {
    Bench bench;
    bench.type("ATV0;D*99#\r");
    CHECK(bench.said() == "1\r");
  }
  SECTION("the knob") {
    Bench bench(with_knob("ppp-connect-text=plain"));
    bench.type("ATD*99#\r");
    CHECK(bench.said() == "\r\nCONNECT\r\n");
  }
  SECTION("+CGDATA") {
    Bench bench;
    bench.type("AT+CGDATA=\"PPP\",1;+CSQ\r");  // the rest is dropped
    CHECK(bench.said() == connect);
  }
}

TEST_CASE("the module keeps quiet behind CONNECT for a moment [PPP-6]") {
  Bench bench;
  bench.dial();
  bench.pass(50ms - 1us);
  CHECK(bench.said().empty());
  bench.pass(1us);
  CHECK(bench.said().starts_with("\x7E\xFF\x7D\x23\xC0\x21"));
}

TEST_CASE("how a host logs in is a knob [PPP-24] [PPP-31] [PPP-32]") {
  for (const auto* how : {"chap", "pap", "none"}) {
    CAPTURE(how);
    Bench bench(with_knob(fmt::format("ppp-auth={}", how)));
    bench.go_up();
  }
}

TEST_CASE("no call without a network, a context, or with another call [PPP-4] [PPP-5]") {
  Bench bench;
  SECTION("not registered") {
    bench.type("AT+CFUN=0\r");
    bench.said();
    bench.type("ATD*99#\r");
    CHECK(bench.said() == no_carrier);
  }
  SECTION("a context that is not there") {
    bench.type("ATD*99***7#\r");
    CHECK(bench.said() == no_carrier);
  }
  SECTION("a bad number") {
    bench.type("ATD*98#\r");
    CHECK(bench.said() == no_carrier);
  }
  SECTION("a second one") {
    bench.go_up();
    CHECK(bench.other("ATE0D*99#") == "ATE0D*99#\r" + no_carrier);
  }
}

TEST_CASE("+++ keeps a call that is up, and ends one that is not [PPP-7]") {
  Bench bench;
  SECTION("up") {
    bench.go_up();
    bench.pass(2s);
    bench.type("+++");
    bench.pass(1s);
    CHECK(bench.said() == ok);
    bench.type("AT\r");
    CHECK(bench.said() == ok);
    bench.type("ATO\r");
    CHECK(bench.said() == connect);
    bench.host.send_ip(hex(ping));
    bench.talk();
    CHECK(bench.host.packets().size() == 1);
  }
  SECTION("not yet") {
    bench.dial();
    bench.pass(2s);
    bench.said();
    bench.type("+++");
    bench.pass(1s);
    CHECK(bench.said().ends_with(no_carrier));
    bench.type("ATO\r");
    CHECK(bench.said() == no_carrier);
  }
}

TEST_CASE("a host hangs up [PPP-8] [PPP-9] [T-19]") {
  Bench bench;
  bench.go_up();
  SECTION("by ATH") {
    bench.pass(2s);
    bench.type("+++");
    bench.pass(1s);
    bench.said();
    bench.type("ATH\r");
    CHECK(bench.said() == ok);
  }
  SECTION("by DTR, or B0") {
    bench.world.terminals[0]->dtr(false);
    CHECK(bench.said() == no_carrier);
  }
  SECTION("by closing the port") {
    bench.world.terminals[0]->host_left(false);
    bench.said();
  }
  bench.type("AT\r");
  CHECK(bench.said() == ok);
  bench.type("ATO\r");
  CHECK(bench.said() == no_carrier);
  bench.dial();
}

TEST_CASE("what AT&D says of DTR [PPP-9]") {
  Bench bench;
  SECTION("&D0: nothing") {
    bench.type("AT&D0\r");
    bench.said();
    bench.go_up();
    bench.world.terminals[0]->dtr(false);
    CHECK(bench.said().empty());
    bench.world.terminals[0]->host_left(false);
    bench.host.send_ip(hex(ping));
    bench.talk();
    CHECK(bench.host.packets().size() == 1);
  }
  SECTION("&D1: command state") {
    bench.type("AT&D1\r");
    bench.said();
    bench.go_up();
    bench.world.terminals[0]->dtr(false);
    CHECK(bench.said() == ok);
    bench.type("ATO\r");
    CHECK(bench.said() == connect);
  }
}

TEST_CASE("a host that terminates hears NO CARRIER a little later [PPP-11] [T-22]") {
  Bench bench;
  bench.go_up();
  bench.host.terminate();
  bench.talk();
  CHECK(bench.host.farewells() == 1);
  bench.pass(100ms - 1us);
  CHECK(bench.said().empty());
  bench.pass(1us);
  CHECK(bench.said() == no_carrier);
  CHECK(bench.other("ATE0;+CGACT?").find("+CGACT: 1,1") != std::string::npos);
}

TEST_CASE("a context that only the call has brought up goes with it, or stays [PPP-11]") {
  const bool keeps = GENERATE(false, true);
  Bench bench(with_knob(fmt::format("ppp-keep-context={}", keeps ? "on" : "off")));
  bench.type("AT+CGDCONT=3,\"IP\",\"x\"\r");
  bench.said();
  bench.dial("ATD*99***3#");
  CHECK(bench.other("ATE0;+CGACT?").find("+CGACT: 3,1") != std::string::npos);
  bench.world.terminals[0]->dtr(false);
  CHECK(bench.other("AT+CGACT?").find(keeps ? "+CGACT: 3,1" : "+CGACT: 3,0") != std::string::npos);
}

TEST_CASE("AT+QPPPDROP ends the call of another channel [PPP-10]") {
  struct Row {
    const char* command;
    bool suspended;
    int terminations;
  };
  for (const auto& row : {Row{"AT+QPPPDROP", false, 1},
                          {"AT+QPPPDROP=1", false, 1},
                          {"AT+QPPPDROP=1", true, 0},
                          {"AT+QPPPDROP=2", false, 1},
                          {"AT+QPPPDROP=0", false, 0}}) {
    CAPTURE(row.command, row.suspended);
    Bench bench;
    bench.other("ATE0");
    bench.go_up();
    if (row.suspended) {
      bench.pass(2s);
      bench.type("+++");
      bench.pass(1s);
      bench.said();
    }
    CHECK(bench.other(row.command) == ok);
    bench.talk();
    bench.pass(1s);
    bench.talk();
    CHECK(bench.host.terminations() == row.terminations);
    CHECK(bench.host.text() == no_carrier);
  }
  Bench bench;
  CHECK(bench.other("ATE0;+QPPPDROP") == "ATE0;+QPPPDROP\r" + ok);
  CHECK(bench.other("AT+QPPPDROP=3").find("ERROR") != std::string::npos);
}

TEST_CASE("a context that is lost ends the call [PPP-12]") {
  const bool says_so = GENERATE(false, true);
  Bench bench;
  bench.other(fmt::format("ATE0;+QCFG=\"ppp/termframe\",{}", says_so ? 1 : 0));
  // It counts from the next start on.
  bench.type("AT+CFUN=1,1\r");
  bench.pass(30s);
  bench.type("ATE0\r");
  bench.said();
  bench.go_up();
  SECTION("AT+CGACT=0,1") { bench.other("ATE0;+CGACT=0,1"); }
  SECTION("AT+CFUN=4") { bench.other("ATE0;+CFUN=4"); }
  SECTION("the network") { bench.world.modem.device().pdp().deactivated({1}); }
  bench.pass(1s);
  bench.talk();
  bench.pass(1s);
  bench.talk();
  CHECK(bench.host.terminations() == (says_so ? 1 : 0));
  CHECK(bench.host.text().starts_with(no_carrier));
}

TEST_CASE("DCD is there from CONNECT to NO CARRIER [PPP-15]") {
  Bench bench;
  bench.type("AT&C1\r");
  bench.said();
  auto& lines = bench.world.ports[0].lines;
  CHECK_FALSE(lines.back().dcd);
  bench.dial();
  CHECK(lines.back().dcd);
  bench.world.terminals[0]->dtr(false);
  CHECK_FALSE(lines.back().dcd);
}

TEST_CASE("URCs wait for a bare port that is in data mode [PPP-14]") {
  Bench bench;
  bench.go_up();
  bench.world.modem.device().urcs().announce("+URC: 1");
  CHECK(bench.said().empty());
  bench.host.terminate();
  bench.talk();
  bench.pass(100ms);
  CHECK(bench.said() == no_carrier + "\r\n+URC: 1\r\n");
}

TEST_CASE(
    "packets: a ping of this machine, the far end of the world, a name [IP-7] [IP-8] [IP-12]") {
  Bench bench;
  bench.go_up();
  bench.host.send_ip(hex(ping));
  bench.talk();
  CHECK(
      bench.host.packets() ==
      std::vector<std::string>{hex(
          "45 00 00 1C 00 00 00 00 40 01 4E 5D 0A 40 0C 02 0A 40 0C 03 00 00 FF FF 00 00 00 00")});
  bench.host.send_ip(hex(to_far));
  bench.talk();
  const auto refused = bench.host.packets();
  REQUIRE(refused.size() == 1);
  CHECK(shown(refused.front().substr(20, 2)).starts_with("03"));  // ICMP: unreachable
}

TEST_CASE("the scenario refuses a login [PPP-33]") {
  emulator::Modem::Settings settings;
  emulator::device::SceneChange change;
  change.scene.ppp.refuse_login = true;
  settings.device.scenario = {change};
  Bench bench(settings);
  bench.dial();
  bench.host.begin();
  bench.talk();
  bench.pass(1s);
  bench.talk();
  CHECK_FALSE(bench.host.is_up());
  CHECK(bench.host.terminations() == 1);
  CHECK(bench.host.text() == no_carrier);
}

TEST_CASE("a call on a DLCI, and commands on another [MUX-34] [MUX-35] [MUX-36] [T-7] [T-13]") {
  Bench bench;
  bench.type("AT+CMUX=0\r" + hex("F9 03 3F 01 1C F9 F9 07 3F 01 DE F9 F9 0B 3F 01 59 F9"));
  bench.said();
  MuxHost mux;
  PppHost host([&](const std::string& bytes) {
    bench.world.terminals[0]->receive(MuxHost::frame(1, bytes));
  });
  const auto hear = [&] {
    for (auto heard = bench.said(); !heard.empty(); heard = bench.said()) mux.hear(heard);
    return mux.said(1);
  };
  bench.type(MuxHost::frame(1, "ATE0D*99***1#\r"));
  CHECK(hear() == "ATE0D*99***1#\r" + connect);
  host.begin();
  for (auto heard = hear(); !heard.empty(); heard = hear()) host.hear(heard);
  REQUIRE(host.is_up());
  static_cast<void>(mux.said(2));
  bench.type(MuxHost::frame(2, "ATE0\r"));
  hear();
  CHECK(mux.said(2) == "ATE0\r" + ok);
  // Who is in data mode gets no URC, and does not find it later.
  bench.world.modem.device().urcs().announce("+URC: 1");
  CHECK(hear().empty());
  CHECK(mux.said(2) == "\r\n+URC: 1\r\n");
  SECTION("DISC hangs it up") {
    bench.type(hex("F9 07 53 01 3F F9"));
    hear();
  }
  SECTION("so does DTR of the DLCI") {
    bench.type(hex("F9 03 EF 09 E3 05 07 89 FB F9"));
    CHECK(hear() == no_carrier);
  }
  SECTION("and of the UART, which leaves the multiplexer alone [MUX-45]") {
    bench.world.terminals[0]->dtr(false);
    bench.world.terminals[0]->dtr(true);
    CHECK(hear() == no_carrier);
  }
  bench.type(MuxHost::frame(2, "AT\r"));
  hear();
  CHECK(mux.said(2) == ok);
  CHECK_FALSE(bench.world.modem.dial().call());
}
