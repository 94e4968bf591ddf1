// How the host leaves the multiplexer, and what happens around events (MUX-39 to MUX-45).
#include "at_engine/mux/multiplexer.hpp"
#include "tests/unit/at_engine/mux/bench.hpp"
#include "tests/unit/at_engine/mux/rows.hpp"

#include <catch2/catch.hpp>

using namespace mux_bench;

TEST_CASE("CLD closes all, is answered, and the rest is the terminal's [MUX-39] [MUX-41] [T-12]") {
  const auto command =
      GENERATE("F9 03 EF 05 C3 01 F2 F9", "F9 03 EF 03 C3 16 F9", "F9 01 EF 05 C3 01 93 F9");
  Bench bench;
  bench.open(2);
  bench.multiplexer->receive(hex(command) + "AT\r");
  CHECK(bench.sent() == frames({closed_down}));
  CHECK(bench.events_told() == Told{"closed 1 ended", "closed 2 ended", "ended by CLD 41 54 0D"});
  CHECK(bench.multiplexer->has_ended());
  CHECK(bench.host(rows[0].sabm).empty());
  CHECK(bench.write(1, "\r\nOK\r\n").empty());
  CHECK(bench.events_told().empty());
}

TEST_CASE("a CLD that a torn frame had swallowed leaves the rest to the terminal too [MUX-39]") {
  Bench bench;
  bench.open(0);
  bench.multiplexer->receive(hex({"F9 07 EF 1F", close_down}) + "ATE0");
  CHECK(bench.sent().empty());
  bench.multiplexer->receive("\rATI\r");
  CHECK(bench.sent() == frames({closed_down}));
  CHECK(bench.events_told() == Told{"ended by CLD 41 54 45 30 0D 41 54 49 0D"});
}

TEST_CASE("CLD is taken even before anything was opened [MUX-39]") {
  Bench bench;
  CHECK(bench.host("F9 03 EF 0B 23 07 61 62 63 18 F9").empty());
  CHECK(bench.host(close_down) == frames({closed_down}));
  CHECK(bench.events_told() == Told{"ended by CLD "});
}

TEST_CASE("DISC 0 is answered with UA and ends it as well [MUX-23] [MUX-40]") {
  Bench bench;
  bench.open(1);
  bench.multiplexer->receive(hex(rows[0].disc) + "\rAT");
  CHECK(bench.sent() == frames({rows[0].ua}));
  CHECK(bench.events_told() == Told{"closed 1 ended", "ended by DISC 0D 41 54"});
}

TEST_CASE("the answer to the end is written even where the line has no room [MUX-39] [T-7]") {
  Bench bench;
  bench.open(1);
  bench.line.room_now = 0;
  CHECK(bench.write(1, "\r\nOK\r\n").empty());
  CHECK(bench.host(close_down) == frames({closed_down}));
  CHECK(bench.events_told() == Told{"closed 1 ended", "ended by CLD "});
}

TEST_CASE("the module says nothing of itself, and nothing changes with the host away [MUX-45]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 07 EF FE 41 54").empty());
  bench.multiplexer->host_left();
  CHECK(bench.host("41 54 0D").empty());
  CHECK(bench.host(rows[0].sabm) == frames({rows[0].ua}));
  CHECK(bench.multiplexer->is_open(1));
  CHECK(bench.events_told().empty());
}

TEST_CASE("the multiplexer may be destroyed from any event") {
  const auto moment = GENERATE(std::string("opened 2"), std::string("received 1 AT\r"),
                               std::string("closed 1 ended"), std::string("closed 2 disconnected"),
                               std::string("ended by CLD "), std::string("signals 1 8D 8F"),
                               std::string("drained 1"));
  Bench bench;
  bench.open(1);
  bench.line.room_now = 0;
  bench.multiplexer->write(1, std::string(5000, 'x'));
  bool destroyed = false;
  bench.events.also = [&](const std::string& event) {
    if (event != moment) return;
    destroyed = true;
    bench.multiplexer.reset();
  };
  bench.line.room_now = FakeLine::unlimited;
  for (const auto* frame : {"F9 0B 3F 01 59 F9", "F9 07 EF 07 41 54 0D D3 F9", "F9 0B 53 01 B8 F9",
                            "F9 03 EF 09 E3 05 07 8F FB F9", "F9 03 EF 05 C3 01 F2 F9"}) {
    const auto bytes = hex(frame);
    // Cut, so that the frame stands in what was kept.
    if (bench.multiplexer) bench.multiplexer->receive(bytes.substr(0, 5));
    if (bench.multiplexer) bench.multiplexer->receive(bytes.substr(5));
  }
  CHECK(destroyed);
  CHECK(bench.events.said.back() == moment);
}

TEST_CASE("what an event writes is sent in its place") {
  Bench bench;
  bench.events.also = [&](const std::string& event) {
    if (event == "opened 1") bench.multiplexer->write(1, "x");
    if (event.starts_with("received")) bench.multiplexer->write(1, "0");
  };
  bench.multiplexer->receive(
      hex({rows[0].sabm, rows[1].sabm, "F9 07 EF 07 41 54 0D D3 F9", rows[1].disc}));
  CHECK(bench.sent() == frames({rows[0].ua, rows[1].ua, rows[1].status, "F9 05 EF 03 78 B5 F9",
                                "F9 05 EF 03 30 B5 F9", rows[1].ua}));
}
