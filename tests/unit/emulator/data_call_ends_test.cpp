// Data calls whose channel goes before they begin.
#include "tests/support/service_bench.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace support;
using namespace std::chrono_literals;

TEST_CASE("a channel that is taken away while it dials leaves nothing behind [PPP-5] [PPP-11]") {
  emulator::Modem::Settings settings;
  settings.latency = cellular::Latency::Fixed{400ms};
  ServiceBench bench("ATE0\r", settings);
  bench.pass(60s);
  bench.type("AT+CGDCONT=3,\"IP\",\"x\"\r");
  bench.said();
  bench.world.terminals[1]->receive("ATD*99***3#\r");
  bench.pass(100ms);
  bench.world.modem.remove_channel(*bench.world.terminals[1]);
  bench.pass(10s);
  bench.type("AT+CGACT?\r");
  CHECK(bench.said().find("+CGACT: 3,0\r\n") != std::string::npos);
  bench.type("ATD*99***3#\r");
  bench.pass(400ms);
  CHECK(bench.said() == "\r\nCONNECT 150000000\r\n");
}
