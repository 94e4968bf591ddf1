// Hosts in real use, byte by byte: what each sends to the multiplexer and what it must get.
#include "at_engine/mux/multiplexer.hpp"
#include "tests/unit/at_engine/mux/bench.hpp"

#include <catch2/catch.hpp>

using namespace mux_bench;

namespace {

/// A host that sends its frames one after the other and gets, after each, just these.
struct Step {
  std::string_view host;
  Frames module;
};

void play(Bench& bench, const std::vector<Step>& steps) {
  for (const auto& step : steps) {
    INFO(step.host);
    CHECK(bench.host(step.host) == step.module);
  }
}

}  // namespace

TEST_CASE("Zephyr's modem_cmux opens, talks and stops [MUX-19] [MUX-27] [T-2]") {
  Bench bench;
  play(bench, {
                  {"F9 03 3F 01 1C F9", {"F9 03 73 01 D7 F9"}},
                  {"F9 03 3F 01 1C F9", {"F9 03 73 01 D7 F9"}},  // 330 ms later
                  {"F9 07 3F 01 DE F9", {"F9 07 73 01 15 F9", "F9 01 EF 09 E3 05 07 8D 9A F9"}},
                  {"F9 03 EF 09 E3 05 07 8D FB F9", {"F9 01 EF 09 E1 05 07 8D 9A F9"}},
                  {"F9 01 EF 09 E1 05 07 8D 9A F9", {}},  // its answer, with our address byte
                  {"F9 0B 3F 01 59 F9", {"F9 0B 73 01 92 F9", "F9 01 EF 09 E3 05 0B 8D 9A F9"}},
                  {"F9 01 EF 09 E1 05 0B 8D 9A F9", {}},
                  {"F9 07 EF 07 41 54 0D D3 F9", {}},
                  {"F9 03 EF 05 C3 01 F2 F9", {"F9 01 EF 05 C1 01 93 F9"}},
              });
  CHECK(bench.events_told() == Told{"opened 1", "opened 2", "received 1 AT\r", "closed 1 ended",
                                    "closed 2 ended", "ended by CLD "});
}

TEST_CASE("esp_modem opens, never answers MSC, and stops [MUX-15] [MUX-25] [T-6]") {
  Bench bench;
  play(bench, {
                  {"F9 03 3F 01 1C F9", {"F9 03 73 01 D7 F9"}},
                  {"F9 07 3F 01 DE F9", {"F9 07 73 01 15 F9", "F9 01 EF 09 E3 05 07 8D 9A F9"}},
                  {"F9 0B 3F 01 59 F9", {"F9 0B 73 01 92 F9", "F9 01 EF 09 E3 05 0B 8D 9A F9"}},
                  {"F9 05 EF 07 41 54 0D B2 F9", {}},
                  {"F9 07 53 01 3F F9", {"F9 07 73 01 15 F9"}},
                  {"F9 0B 53 01 B8 F9", {"F9 0B 73 01 92 F9"}},
                  {"F9 03 EF 05 C3 01 F2 F9", {"F9 01 EF 05 C1 01 93 F9"}},
              });
  CHECK(bench.events_told() == Told{"opened 1", "opened 2", "received 1 AT\r",
                                    "closed 1 disconnected", "closed 2 disconnected",
                                    "ended by CLD "});
}

TEST_CASE("esp_modem's probes of an unknown port find an open multiplexer [T-20]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("7E FF 03 C0 21 09 01 00 08 99 D1 35 C1 8E 2C 7E").empty());
  CHECK(bench.host("0D 0A 41 54 0D 0A").empty());
  CHECK(bench.host("F9 03 3F 01 1C F9") == Frames{"F9 03 73 01 D7 F9"});
  CHECK(bench.events_told().empty());
}

TEST_CASE("Linux n_gsm opens a tty, fills it, closes it and leaves [MUX-23] [MUX-27] [MUX-28]") {
  Bench bench;
  play(bench, {
                  {"F9 03 3F 01 1C F9", {"F9 03 73 01 D7 F9"}},
                  {"F9 03 3F 01 1C F9", {"F9 03 73 01 D7 F9"}},
                  {"F9 07 3F 01 DE F9", {"F9 07 73 01 15 F9", "F9 01 EF 09 E3 05 07 8D 9A F9"}},
                  {"F9 03 EF 09 E3 05 07 8D FB F9", {"F9 01 EF 09 E1 05 07 8D 9A F9"}},
                  {"F9 03 EF 09 E1 05 07 8D FB F9", {}},
                  {"F9 03 EF 09 E3 05 07 8F FB F9", {"F9 01 EF 09 E1 05 07 8F 9A F9"}},
              });
  CHECK(bench.write(1, "x").empty());
  play(bench, {
                  {"F9 03 EF 09 E3 05 07 8D FB F9",
                   {"F9 01 EF 09 E1 05 07 8D 9A F9", "F9 05 EF 03 78 B5 F9"}},
                  {"F9 07 53 01 3F F9", {"F9 07 73 01 15 F9"}},
                  {"F9 03 EF 09 E3 05 07 81 FB F9", {"F9 01 EF 09 E1 05 07 81 9A F9"}},
                  {"F9 03 53 01 FD F9", {"F9 03 73 01 D7 F9"}},
              });
  CHECK(bench.events_told() == Told{"opened 1", "signals 1 8D 8F", "signals 1 8F 8D",
                                    "closed 1 disconnected", "ended by DISC "});
}

TEST_CASE("what users write by hand after a killed ldattach ends it [MUX-41] [MUX-45] [T-12]") {
  for (const auto* frame : {"F9 03 EF 03 C3 16 F9", "F9 03 EF 05 C3 01 F2 F9"}) {
    Bench bench;
    bench.open(2);
    CHECK(bench.host(frame) == Frames{"F9 01 EF 05 C1 01 93 F9"});
    CHECK(bench.multiplexer->has_ended());
  }
}

TEST_CASE("oFono's gatmux does not wait, and miscounts [MUX-18] [T-27] [T-28]") {
  Bench bench;
  bench.multiplexer->receive(
      hex({"F9 03 3F 01 1C F9", "F9 07 3F 01 DE F9", "F9 07 EF 07 41 54 0D D3 F9",
           "F9 0B 3F 01 59 F9", "F9 0B EF 07 41 54 0D 54 F9"}));
  CHECK(bench.sent() == Frames{"F9 03 73 01 D7 F9", "F9 07 73 01 15 F9",
                               "F9 01 EF 09 E3 05 07 8D 9A F9", "F9 0B 73 01 92 F9",
                               "F9 01 EF 09 E3 05 0B 8D 9A F9"});
  CHECK(bench.events_told() == Told{"opened 1", "received 1 AT\r", "opened 2", "received 2 AT\r"});
  play(bench, {
                  {"F9 03 EF 09 E1 05 07 8D FB F9", {}},
                  {"F9 03 EF 09 E3 03 07 8D FB F9", {"F9 01 EF 09 E1 05 07 8D 9A F9"}},
                  {"F9 03 EF 05 43 01 F2 F9", {"F9 01 EF 05 41 01 93 F9"}},
                  {"F9 07 53 01 3F F9", {"F9 07 73 01 15 F9"}},
                  {"F9 0B 53 01 B8 F9", {"F9 0B 73 01 92 F9"}},
                  {"F9 03 53 01 FD F9", {"F9 03 73 01 D7 F9"}},
              });
  CHECK(bench.events_told() ==
        Told{"closed 1 disconnected", "closed 2 disconnected", "ended by DISC "});
}

TEST_CASE(
    "Particle's gsm0710muxer tests the line and writes in three parts [MUX-30] [T-29] [T-30]") {
  Bench bench(4, {.n1 = 1509});
  play(bench, {
                  {"F9 03 3F 01 1C F9", {"F9 03 73 01 D7 F9"}},
                  {"F9 07 3F 01 DE F9", {"F9 07 73 01 15 F9", "F9 01 EF 09 E3 05 07 8D 9A F9"}},
                  {"F9 03 EF 09 E3 05 07 0D FB F9", {"F9 01 EF 09 E1 05 07 0D 9A F9"}},
                  {"F9 03 EF 0B E3 07 07 0C 01 18 F9", {"F9 01 EF 0B E1 07 07 0C 01 79 F9"}},
                  {"F9 01 EF 09 E1 05 07 8D 9A F9", {}},
                  {"F9 03 EF 0B 23 07 61 62 63 18 F9", {"F9 01 EF 0B 21 07 61 62 63 79 F9"}},
              });
  CHECK(bench.events_told() == Told{"opened 1", "signals 1 8D 0D"});
  const std::string data(200, 'p');
  CHECK(bench.host("F9 05 EF 90 01").empty());
  bench.multiplexer->receive(data);
  CHECK(bench.events_told().empty());
  CHECK(bench.host("F9 F9").empty());  // the check byte happens to be a flag's
  CHECK(bench.events_told() == Told{"received 1 " + data});
  CHECK(bench.host("F9 07 53 01 3F F9") == Frames{"F9 07 73 01 15 F9"});
  CHECK(bench.host("F9 03 EF 05 C3 01 F2 F9") == Frames{"F9 01 EF 05 C1 01 93 F9"});
}

TEST_CASE("BG96-like P/F on the control channel is taken [MUX-16]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 03 FF 05 C3 01 E7 F9") == Frames{"F9 01 EF 05 C1 01 93 F9"});
}

TEST_CASE("a host that begins in a leftover multiplexer gets no answer to AT [MUX-45]") {
  Bench bench;
  bench.open(1);
  for (const auto* text : {"AT\r", "\r\nAT\r\n", "ATE0\r", "AT+CMUX=0,0,5,127\r", "+++"}) {
    bench.multiplexer->receive(text);
    CHECK(bench.sent().empty());
  }
  CHECK(bench.events_told().empty());
  CHECK(bench.host("F9 03 3F 01 1C F9") == Frames{"F9 03 73 01 D7 F9"});
}
