// The multiplexer in the module: AT+CMUX, channels with terminals of their own, where URCs go, and
// every way out, in virtual time. Frames are those of the contract's section 1.6 and of hosts.
#include "tests/support/mux_host.hpp"
#include "tests/support/service_bench.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

namespace {

const std::string ok = "\r\nOK\r\n";
const std::string refused = "\r\n+CME ERROR: 3\r\n";
const std::string sabm0 = hex("F9 03 3F 01 1C F9");
const std::string ua0 = hex("F9 03 73 01 D7 F9");
const std::string sabm1 = hex("F9 07 3F 01 DE F9");
const std::string ua1_and_status = hex("F9 07 73 01 15 F9 F9 01 EF 09 E3 05 07 8D 9A F9");
const std::string sabm2 = hex("F9 0B 3F 01 59 F9");
const std::string ua2_and_status = hex("F9 0B 73 01 92 F9 F9 01 EF 09 E3 05 0B 8D 9A F9");
const std::string close_down = hex("F9 03 EF 05 C3 01 F2 F9");
const std::string closed_down = hex("F9 01 EF 05 C1 01 93 F9");

struct Bench : ServiceBench {
  explicit Bench(const std::string& first = "ATE0;+CMEE=1\r",
                 emulator::Modem::Settings settings = {})
      : ServiceBench(first, settings) {}

  /// Into the multiplexer, with DLCIs 1 to `dlcis` open.
  void multiplex(int dlcis = 2) {
    type("AT+CMUX=0\r");
    CHECK(said() == ok);
    type(sabm0 + sabm1);
    CHECK(said() == ua0 + ua1_and_status);
    if (dlcis > 1) {
      type(sabm2);
      CHECK(said() == ua2_and_status);
    }
  }
  /// What a DLCI answers to a line.
  std::string answer(int dlci, const std::string& line) {
    type(MuxHost::frame(dlci, line));
    return on(dlci);
  }
  std::string on(int dlci) {
    host.hear(said());
    return host.said(dlci);
  }
  /// Something that the module tells by itself.
  void call_for_urc() { world.modem.device().urcs().announce("+URC: 1"); }

  MuxHost host;
};

emulator::Modem::Settings with_knob(const std::string& assignment) {
  emulator::Modem::Settings settings;
  REQUIRE_FALSE(settings.knobs.set(assignment));
  return settings;
}

}  // namespace

TEST_CASE("the multiplexer begins behind the whole line, and not where that fails [MUX-8]") {
  Bench bench;
  bench.type("AT+CMUX=0;+CSQ\r");
  CHECK(bench.said() == "\r\n+CSQ: 24,99\r\n" + ok);
  bench.type(sabm0);
  CHECK(bench.said() == ua0);
  bench.type(close_down);
  CHECK(bench.said() == closed_down);
  bench.type("AT+CMUX=0;+NONSENSE\r");
  CHECK(bench.said() == "\r\nERROR\r\n");
  bench.type("AT+CMUX=0;+CSQ;?\r");
  CHECK(bench.said() == "\r\n+CSQ: 24,99\r\n\r\nERROR\r\n");
  bench.type("AT+CMUX=0;+CMUX=0,0,5,31;+CSQ\r");
  CHECK(bench.said() == "\r\n+CSQ: 24,99\r\n" + ok);
  bench.type(sabm0);
  CHECK(bench.said() == ua0);
}

TEST_CASE("AT+CMUX takes fields that are empty, or cut [MUX-1] [MUX-2]") {
  for (const auto* line :
       {"AT+CMUX=0", "AT+CMUX=0,0,5,1500,,,,,", "AT+CMUX=0,,,,,,,,",
        "AT+CMUX=0,0,5,127,10,3,30,10,2", "AT+CMUX=0,0,8,32768,255,100,255,255,7"}) {
    CAPTURE(line);
    Bench bench;
    bench.type(line + std::string("\r"));
    CHECK(bench.said() == ok);
    bench.type(sabm0);
    CHECK(bench.said() == ua0);
  }
  for (const auto* line :
       {"AT+CMUX=2", "AT+CMUX=0,3", "AT+CMUX=0,0,0", "AT+CMUX=0,0,9", "AT+CMUX=0,0,5,0",
        "AT+CMUX=0,0,5,32769", "AT+CMUX=0,0,5,31,0", "AT+CMUX=0,0,5,31,10,101",
        "AT+CMUX=0,0,5,31,10,3,1", "AT+CMUX=0,0,5,31,10,3,30,256", "AT+CMUX=0,0,5,31,10,3,30,10,8",
        "AT+CMUX=0,0,5,31,10,3,30,10,2,1", "AT+CMUX="}) {
    CAPTURE(line);
    Bench bench;
    bench.type(line + std::string("\r"));
    CHECK(bench.said().find("ERROR") != std::string::npos);
    bench.type("AT\r");
    CHECK(bench.said() == ok);
  }
}

TEST_CASE("what AT+CMUX is and may be [MUX-2] [MUX-3] [MUX-5]") {
  Bench bench;
  bench.type("AT+CMUX?\r");
  CHECK(bench.said() == "\r\n+CMUX: 0,0,5,127,10,3,30,10,2\r\n" + ok);
  bench.type("AT+CMUX=?\r");
  CHECK(bench.said() ==
        "\r\n+CMUX: (0,1),(0-2),(1-8),(1-32768),(1-255),(0-100),(2-255),(1-255),(1-7)\r\n" + ok);
  bench.type("AT+CMUX=0,0,5,512\r");
  bench.said();
  bench.type(sabm0 + sabm1);
  bench.on(1);
  CHECK(bench.answer(1, "ATE0\r") == "ATE0\r" + ok);
  CHECK(bench.answer(1, "AT+CMUX?\r") == "\r\n+CMUX: 0,0,5,512,10,3,30,10,2\r\n" + ok);
}

TEST_CASE(
    "the advanced option is not there, and only a UART is multiplexed, once [MUX-6] [MUX-7]") {
  Bench bench;
  bench.type("AT+CMUX=1\r");
  CHECK(bench.said() == refused);
  bench.world.terminals[1]->receive("ATE0;+CMEE=1;+CMUX=0\r");
  bench.world.settle();
  CHECK(std::exchange(bench.world.ports[1].unread, {}) == "ATE0;+CMEE=1;+CMUX=0\r" + refused);
  bench.multiplex();
  CHECK(bench.answer(1, "ATE0;+CMEE=1;+CMUX=0\r") == "ATE0;+CMEE=1;+CMUX=0\r" + refused);
}

TEST_CASE("bytes right behind the line are the multiplexer's [MUX-8] [T-27]") {
  for (const std::string end : {"\r", "\r\n"}) {
    Bench bench;
    bench.type("AT+CMUX=0" + end + sabm0 + sabm1 + MuxHost::frame(1, "AT\r"));
    const auto all = bench.said();
    const auto begin = ok + ua0 + ua1_and_status;
    REQUIRE(all.starts_with(begin));
    bench.host.hear(all.substr(begin.size()));
    CHECK(bench.host.said(1) == "AT\r" + ok);
  }
}

TEST_CASE("each channel has settings of its own [MUX-34]") {
  Bench bench;
  bench.multiplex();
  CHECK(bench.answer(1, "AT\r") == "AT\r" + ok);
  CHECK(bench.answer(1, "ATE0V0\r") == "ATE0V0\r0\r");
  CHECK(bench.answer(2, "AT\r") == "AT\r" + ok);
  CHECK(bench.answer(1, "AT\r") == "0\r");
  CHECK(bench.answer(2, "AT+CMEE=2;+CMUX=1\r") ==
        "AT+CMEE=2;+CMUX=1\r\r\n+CME ERROR: Operation not allowed\r\n");
  CHECK(bench.answer(1, "AT+CMEE=0;+CMUX=1\r") == "4\r");
}

TEST_CASE("the bytes of answers [MUX-12] [MUX-37]") {
  Bench bench;
  bench.multiplex();
  bench.type(MuxHost::frame(1, "ATE0\r"));
  bench.said();
  bench.type(hex("F9 07 EF 07 41 54 0D D3 F9"));
  CHECK(bench.said() == hex("F9 05 EF 0D 0D 0A 4F 4B 0D 0A 5F F9"));
  // Half a line, and the rest; the echo goes frame by frame.
  bench.type(MuxHost::frame(1, "ATE1\r"));
  bench.said();
  bench.type(hex("F9 0B EF 07 41 54 0D 54 F9"));
  CHECK(bench.on(2) == "AT\r" + ok);
  CHECK(bench.answer(1, "A") == "A");
  CHECK(bench.answer(1, "T\r") == "T\r" + ok);
}

TEST_CASE("no frame has more data than N1, of either kind [MUX-4] [T-4]") {
  emulator::Modem::Settings settings;
  std::string first = "ATE0\r";
  std::size_t most = 127;
  std::string start = "AT+CMUX=0\r";
  SECTION("127 when nothing is said") {}
  SECTION("as the knob says") {
    settings = with_knob("cmux-n1=31");
    most = 31;
  }
  SECTION("as the host says") {
    start = "AT+CMUX=0,0,5,200\r";
    most = 200;
  }
  Bench bench(first, settings);
  bench.type(start + sabm0 + sabm1);
  bench.said();
  CHECK(bench.answer(1, "AT+CLAC\r").size() > 1000);
  CHECK(bench.host.longest() == most);
}

TEST_CASE(
    "the rate follows AT+CMUX only where it may, and stays in the multiplexer [MUX-9] [MUX-10]") {
  Bench bench;
  SECTION("it may not") {
    bench.type("AT+CMUX=0,0,8\r" + sabm0 + sabm1);
    bench.said();
    CHECK(bench.answer(1, "ATE0;+IPR?\r") == "ATE0;+IPR?\r\r\n+IPR: 115200\r\n" + ok);
  }
  SECTION("it may") {
    bench.type("AT+QCFG=\"cmux/baudratework\",1\r");
    CHECK(bench.said() == ok);
    bench.type("AT+CMUX=0,0,8\r" + sabm0 + sabm1);
    bench.said();
    CHECK(bench.answer(1, "ATE0;+IPR?\r") == "ATE0;+IPR?\r\r\n+IPR: 921600\r\n" + ok);
  }
  SECTION("it may, and nothing is named") {
    bench.type("AT+QCFG=\"cmux/baudratework\",1;+IPR=921600\r");
    CHECK(bench.said() == ok);
    bench.type("AT+CMUX=0\r" + sabm0 + sabm1);
    bench.said();
    CHECK(bench.answer(1, "ATE0;+IPR?\r") == "ATE0;+IPR?\r\r\n+IPR: 921600\r\n" + ok);
  }
  CHECK(bench.answer(1, "AT+CMEE=1;+IPR=9600\r") == refused);
}

TEST_CASE("URCs wait from the OK of AT+CMUX to the first channel [T-8]") {
  Bench bench;
  bench.type("AT+CMUX=0\r");
  CHECK(bench.said() == ok);
  bench.call_for_urc();
  CHECK(bench.said().empty());
  bench.type(sabm0);
  CHECK(bench.said() == ua0);
  bench.type(sabm1);
  const auto all = bench.said();
  CHECK(all.starts_with(ua1_and_status));
  bench.host.hear(all);
  CHECK(bench.host.said(1) == "\r\n+URC: 1\r\n");
}

TEST_CASE("URCs go to all channels, or to one [MUX-11] [MUX-36] [T-13]") {
  Bench bench;
  bench.multiplex();
  bench.call_for_urc();
  CHECK(bench.on(1) == "\r\n+URC: 1\r\n");
  CHECK(bench.on(2) == "\r\n+URC: 1\r\n");
  CHECK(bench.answer(1, "ATE0;+QCFG=\"cmux/urcport\",2\r") ==
        "ATE0;+QCFG=\"cmux/urcport\",2\r" + ok);
  bench.call_for_urc();
  CHECK(bench.on(1).empty());
  CHECK(bench.on(2) == "\r\n+URC: 1\r\n");
  CHECK(bench.answer(1, "AT+QCFG=\"cmux/urcport\"\r") == "\r\n+QCFG: \"cmux/urcport\",2\r\n" + ok);
  // +QURCCFG names the port, which the channels have in common.
  CHECK(bench.answer(1, "AT+QURCCFG=\"urcport\",\"usbat\"\r") == ok);
  bench.call_for_urc();
  CHECK(bench.on(2).empty());
  CHECK(bench.world.ports[1].unread == "\r\n+URC: 1\r\n");
}

TEST_CASE("results go to the channel that asked [MUX-34]") {
  Bench bench;
  bench.multiplex();
  CHECK(bench.answer(2, "ATE0;+QIACT=1\r") == "ATE0;+QIACT=1\r" + ok);
  CHECK(bench.answer(2, "AT+QIOPEN=1,0,\"TCP\",\"host\",80,0,0\r") == ok);
  bench.open(0);
  CHECK(bench.on(2) == "\r\n+QIOPEN: 0,0\r\n");
  CHECK(bench.on(1).empty());
  CHECK(bench.answer(1, "ATE0\r") == "ATE0\r" + ok);
  bench.arrive(0, "x");
  CHECK(bench.on(1) == "\r\n+QIURC: \"recv\",0\r\n");
  CHECK(bench.on(2) == "\r\n+QIURC: \"recv\",0\r\n");
}

TEST_CASE("a channel that is closed while it waits for its result [MUX-23]") {
  Bench bench;
  bench.multiplex();
  bench.answer(2, "ATE0;+QIACT=1\r");
  CHECK(bench.answer(2, "AT+QIOPEN=1,0,\"TCP\",\"host\",80,0,0\r") == ok);
  bench.type(hex("F9 0B 53 01 B8 F9"));
  CHECK(bench.said() == hex("F9 0B 73 01 92 F9"));
  bench.open(0);
  CHECK(bench.on(1) == "\r\n+QIOPEN: 0,0\r\n");  // what nobody is there for goes to the URC port
}

TEST_CASE(
    "every way out leads back to the UART's own settings [MUX-39] [MUX-40] [MUX-41] [MUX-42] "
    "[T-12]") {
  Bench bench;
  bench.multiplex();
  SECTION("CLD") {
    bench.type(close_down);
    CHECK(bench.said() == closed_down);
  }
  SECTION("CLD as the kernel's documentation has it") {
    bench.type(hex("F9 03 EF 03 C3 16 F9"));
    CHECK(bench.said() == closed_down);
  }
  SECTION("DISC of DLCI 0") {
    bench.type(hex("F9 03 53 01 FD F9"));
    CHECK(bench.said() == ua0);
  }
  bench.type("AT\r");
  CHECK(bench.said() == ok);
  bench.call_for_urc();
  CHECK(bench.said() == "\r\n+URC: 1\r\n");
  bench.multiplex();
  CHECK(bench.answer(1, "AT\r") == "AT\r" + ok);
}

TEST_CASE("what comes behind CLD in one piece is a command [MUX-42]") {
  Bench bench;
  bench.multiplex();
  bench.type(close_down + "AT\r");
  CHECK(bench.said() == closed_down + ok);
}

TEST_CASE("a CLD outside of the multiplexer is junk before AT [MUX-43]") {
  Bench bench;
  bench.type(close_down + "AT\r");
  CHECK(bench.said() == ok);
}

TEST_CASE("a channel that is closed forgets its settings, and a call of URCs [MUX-21] [MUX-23]") {
  Bench bench;
  bench.multiplex();
  bench.answer(1, "ATE0\r");
  bench.type(sabm1);
  CHECK(bench.said() == hex("F9 07 73 01 15 F9"));
  CHECK(bench.answer(1, "AT\r") == ok);  // SABM again changes nothing (T-9)
  bench.type(hex("F9 07 53 01 3F F9"));
  CHECK(bench.said() == hex("F9 07 73 01 15 F9"));
  bench.call_for_urc();
  CHECK(bench.on(1).empty());
  CHECK(bench.on(2) == "\r\n+URC: 1\r\n");
  bench.type(sabm1);
  CHECK(bench.said() == ua1_and_status);
  CHECK(bench.answer(1, "AT\r") == "AT\r" + ok);
}

TEST_CASE("a reset ends it, and the boot is told on the bare UART; CFUN=0 does not [MUX-44]") {
  Bench bench;
  bench.multiplex();
  CHECK(bench.answer(1, "ATE0;+CFUN=0\r").find("OK") != std::string::npos);
  CHECK(bench.answer(2, "AT\r") == "AT\r" + ok);
  bench.type(MuxHost::frame(1, "AT+CFUN=1,1\r"));
  bench.world.timeline.run_until(bench.world.timeline.now() + 20s);
  const auto all = bench.said();
  CHECK(all.find("\r\nRDY\r\n") != std::string::npos);
  bench.type("ATE0\r");
  bench.said();
  bench.type("AT\r");
  CHECK(bench.said() == ok);
}

TEST_CASE("a host that goes leaves the module in the multiplexer, unless told [MUX-45]") {
  SECTION("stay") {
    Bench bench;
    bench.multiplex();
    bench.type(MuxHost::frame(1, "ATE0\r"));
    bench.said();
    bench.type("\xF9\x07\xEF");  // in the middle of a frame
    bench.world.terminals[0]->host_left(false);
    bench.type("AT\r");
    CHECK(bench.said().empty());
    CHECK(bench.answer(1, "AT\r") == ok);
  }
  SECTION("leave") {
    Bench bench("ATE0\r", with_knob("cmux-on-close=leave"));
    bench.multiplex();
    bench.world.terminals[0]->host_left(false);
    CHECK(bench.said().empty());
    bench.type("AT\r");
    CHECK(bench.said() == ok);
  }
}

TEST_CASE("fewer channels by a knob: the others are refused [MUX-17] [MUX-21]") {
  Bench bench("ATE0\r", with_knob("cmux-dlcis=1"));
  bench.type("AT+CMUX=0\r" + sabm0 + sabm1);
  bench.said();
  bench.type(sabm2);
  CHECK(bench.said() == hex("F9 0B 1F 01 73 F9"));
}

TEST_CASE("in and out ten thousand times [MUX-39]") {
  Bench bench;
  for (int i = 0; i < 10'000; ++i) {
    bench.world.terminals[0]->receive("AT+CMUX=0\r" + sabm0 + sabm1 + sabm2);
    bench.world.terminals[0]->receive(close_down);
  }
  bench.said();
  bench.type("AT\r");
  CHECK(bench.said() == ok);
  int channels = 0;
  bench.world.modem.each_channel([&](const std::string&, const at::Terminal&) { ++channels; });
  CHECK(channels == 2);
}

TEST_CASE("what waits for a line that is full goes on where it is drained, on its DLCI") {
  Bench bench;
  bench.multiplex(1);
  CHECK(bench.answer(1, "ATE0\r") == "ATE0\r" + ok);
  CHECK(bench.answer(1, "AT+QIACT=1\r") == ok);
  CHECK(bench.answer(1, "AT+QIOPEN=1,0,\"TCP\",\"host\",80,0,2\r").empty());
  bench.open(0);
  CHECK(bench.on(1) == "\r\nCONNECT\r\n");
  auto& port = bench.world.ports[0];
  port.room_now = 0;
  const std::string more_than_fits(2 * at::mux::Sender::share, 'x');
  bench.arrive(0, more_than_fits);
  CHECK(bench.on(1).empty());
  port.room_now = FakePort::unlimited;
  bench.world.terminals[0]->drained();
  CHECK(bench.on(1) == more_than_fits);
}

TEST_CASE("a PN without all of its values changes nothing [MUX-31]") {
  Bench bench;
  bench.multiplex(1);
  bench.type(MuxHost::frame(0, hex("83 05 01 00")));
  CHECK(bench.said().empty());
  CHECK(bench.answer(1, "AT\r") == "AT\r" + ok);
}
