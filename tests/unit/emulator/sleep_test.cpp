// AT+QSCLK with DTR (manual 10.5): a module that sleeps hears nothing at its UART, tells of URCs by
// RI, and is awake as soon as DTR is raised.
#include "tests/support/mux_host.hpp"
#include "tests/support/service_bench.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace support;
using namespace std::chrono_literals;

namespace {

const std::string ok = "\r\nOK\r\n";
const std::string hang_up_dlci1 = hex("F9 03 EF 09 E3 05 07 81 FB F9");
const std::string ready_dlci1 = hex("F9 03 EF 09 E3 05 07 8D FB F9");

struct Bench : ServiceBench {
  explicit Bench(const std::string& first = "ATE0;+CMEE=1;+QSCLK=1;&D0\r") : ServiceBench(first) {}

  void dtr(bool on) { world.terminals[0]->dtr(on); }
  [[nodiscard]] bool asleep() const { return world.modem.asleep(); }
  std::string answer(const std::string& line) {
    type(line + "\r");
    return said();
  }
  std::string usb_answer(const std::string& line) {
    world.terminals[1]->receive(line + "\r");
    world.settle();
    return std::exchange(world.ports[1].unread, {});
  }
};

}  // namespace

TEST_CASE("with AT+QSCLK=1 the module sleeps while DTR is high, and is deaf [SLP-1]") {
  Bench bench;
  CHECK_FALSE(bench.asleep());
  CHECK(bench.answer("AT") == ok);
  bench.dtr(false);
  CHECK(bench.asleep());
  CHECK(bench.answer("AT").empty());
  bench.dtr(true);
  CHECK_FALSE(bench.asleep());
  // What was said to it asleep is gone.
  CHECK(bench.said().empty());
  CHECK(bench.answer("AT+QSCLK?") == "\r\n+QSCLK: 1\r\n" + ok);
}

TEST_CASE("with AT+QSCLK=0, or without ever being told, DTR lets nothing sleep [SLP-1]") {
  Bench bench("ATE0;&D0\r");
  bench.dtr(false);
  CHECK_FALSE(bench.asleep());
  CHECK(bench.answer("AT+QSCLK=1") == ok);
  CHECK(bench.asleep());
  CHECK(bench.answer("AT+QSCLK=0").empty());
  bench.dtr(true);
  CHECK(bench.answer("AT+QSCLK=0") == ok);
  bench.dtr(false);
  CHECK(bench.answer("AT") == ok);
}

TEST_CASE("a URC is said asleep, and RI goes with it; the module sleeps on [SLP-1]") {
  Bench bench;
  bench.dtr(false);
  bench.world.timeline.run_until(bench.world.timeline.now() + 10s);
  bench.world.ports[0].lines.clear();
  bench.world.modem.device().urcs().announce("+URC: 1");
  CHECK(bench.said() == "\r\n+URC: 1\r\n");
  REQUIRE_FALSE(bench.world.ports[0].lines.empty());
  CHECK(bench.world.ports[0].lines.front().ri);
  CHECK(bench.asleep());
}

TEST_CASE("a line that falls asleep in its middle loses what comes then [SLP-1]") {
  Bench bench;
  bench.type("AT+QSC");
  bench.dtr(false);
  bench.type("XYZ");
  bench.dtr(true);
  CHECK(bench.answer("LK?") == "\r\n+QSCLK: 1\r\n" + ok);
}

TEST_CASE("data that the module waits for keeps it awake [SLP-1]") {
  Bench bench;
  CHECK(bench.answer("AT+QFUPL=\"UFS:a\",4") == "\r\nCONNECT\r\n");
  bench.dtr(false);
  CHECK_FALSE(bench.asleep());
  bench.type("data");
  CHECK(bench.said() == "\r\n+QFUPL: 4,1000\r\n" + ok);
  CHECK(bench.asleep());
}

TEST_CASE("USB has no DTR: it is heard while the UART sleeps, and wakes nothing [SLP-1]") {
  Bench bench;
  bench.dtr(false);
  CHECK(bench.usb_answer("ATE0").find("\r\nOK\r\n") != std::string::npos);
  CHECK(bench.asleep());
}

TEST_CASE(
    "in the multiplexer a DLCI with RTC keeps the module awake, and the UART's DTR [MUX-28] "
    "[SLP-1]") {
  Bench bench;
  MuxHost host;
  CHECK(bench.answer("AT+CMUX=0") == ok);
  bench.type(hex("F9 03 3F 01 1C F9 F9 07 3F 01 DE F9"));
  host.hear(bench.said());
  bench.dtr(false);
  CHECK_FALSE(bench.asleep());
  bench.type(hang_up_dlci1);
  host.hear(bench.said());
  CHECK(bench.asleep());
  bench.type(MuxHost::frame(1, "AT\r"));
  CHECK(bench.said().empty());
  bench.dtr(true);
  CHECK_FALSE(bench.asleep());
  bench.type(ready_dlci1 + MuxHost::frame(1, "ATE0\r"));
  host.hear(bench.said());
  CHECK(host.said(1).find("\r\nOK\r\n") != std::string::npos);
}

TEST_CASE("a module that starts again does not sleep: AT+QSCLK is not saved [SLP-1]") {
  Bench bench;
  bench.dtr(false);
  REQUIRE(bench.asleep());
  bench.world.modem.device().power().hard_reset();
  bench.world.timeline.run_until(bench.world.timeline.now() + 20s);
  CHECK_FALSE(bench.asleep());
}
