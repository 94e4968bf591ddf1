// What is said to a channel that is not there, or of one that cannot be.
#include "at_engine/mux/multiplexer.hpp"
#include "tests/unit/at_engine/mux/bench.hpp"
#include "tests/unit/at_engine/mux/rows.hpp"

#include <catch2/catch.hpp>

using namespace mux_bench;

TEST_CASE("what the module says to a channel that is not open comes to nothing [MUX-17]") {
  Bench bench;
  bench.open(1);
  const int dlci = GENERATE(-1, 0, 2, 5);
  auto& multiplexer = *bench.multiplexer;
  multiplexer.write(dlci, "x");
  multiplexer.hold(dlci, true);
  multiplexer.ring(dlci, true);
  multiplexer.carrier_lost(dlci);
  CHECK(bench.sent().empty());
  CHECK(multiplexer.room(dlci) == Sender::share);
  CHECK(multiplexer.is_open(dlci) == (dlci == 0));
}

TEST_CASE("nothing to write is no frame [MUX-18]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.write(1, "").empty());
}

TEST_CASE("signals of what is no channel are answered, and nobody is told [MUX-27]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 03 EF 09 E3 05 03 8F FB F9") == frames({"F9 01 EF 09 E1 05 03 8F 9A F9"}));
  CHECK(bench.host("F9 03 EF 09 E3 05 0B 8F FB F9") == frames({"F9 01 EF 09 E1 05 0B 8F 9A F9"}));
  CHECK(bench.host("F9 03 EF 09 E3 05 FF 8F FB F9") == frames({"F9 01 EF 09 E1 05 FF 8F 9A F9"}));
  // Without signals at all.
  CHECK(bench.host("F9 03 EF 07 E3 03 07 11 F9") == frames({"F9 01 EF 07 E1 03 07 70 F9"}));
  CHECK(bench.events_told().empty());
  CHECK_FALSE(bench.multiplexer->state(1).stopped);
  CHECK_FALSE(bench.multiplexer->state(2).stopped);
}

TEST_CASE("an answer to signals of what is no channel is nobody's [MUX-25]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 03 EF 07 E1 03 07 11 F9").empty());
  CHECK(bench.host("F9 03 EF 09 E1 05 0B 8D FB F9").empty());
  CHECK(bench.host("F9 03 EF 09 E1 05 03 8D FB F9").empty());
  // DLCI 1 is told nothing again, as it has acknowledged nothing.
  CHECK(bench.host(rows[1].sabm) == frames({rows[1].ua}));
}

TEST_CASE("a frame of the control channel may be empty [MUX-16]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 03 EF 01 F5 F9").empty());
  CHECK(bench.host(close_down) == frames({closed_down}));
}

TEST_CASE("PN of what is no channel is answered, and bounds nothing [MUX-31]") {
  Bench bench;
  bench.open(4);
  CHECK(bench.host("F9 03 EF 15 83 11 00 00 07 0A 04 00 03 00 EE F9") ==
        frames({"F9 01 EF 15 81 11 00 00 07 0A 04 00 03 00 8F F9"}));
  CHECK(bench.host("F9 03 EF 15 83 11 05 00 07 0A 04 00 03 00 EE F9") ==
        frames({"F9 01 EF 15 81 11 05 00 07 0A 04 00 03 00 8F F9"}));
  for (int dlci = 1; dlci <= 4; ++dlci) CHECK(bench.write(dlci, "12345").size() == 1);
}

TEST_CASE("at its end a channel that is still open takes nothing any more [MUX-39]") {
  Bench bench;
  bench.open(2);
  bench.events.also = [&](const std::string& event) {
    if (event == "closed 1 ended") bench.multiplexer->write(2, "x");
  };
  CHECK(bench.host(close_down) == frames({closed_down}));
  CHECK(bench.events_told() == Told{"closed 1 ended", "closed 2 ended", "ended by CLD "});
}

TEST_CASE("a line that has room again behind the end has nobody to tell [MUX-39]") {
  Bench bench;
  bench.open(1);
  bench.line.room_now = 0;
  bench.write(1, std::string(5000, 'x'));
  bench.host(close_down);
  bench.events_told();
  bench.line.room_now = FakeLine::unlimited;
  bench.multiplexer->drained();
  CHECK(bench.sent().empty());
  CHECK(bench.events_told().empty());
}

TEST_CASE("a writer that destroys the multiplexer keeps others from being told") {
  Bench bench;
  bench.open(2);
  bench.line.room_now = 0;
  bench.write(1, std::string(5000, 'x'));
  bench.write(2, std::string(5000, 'x'));
  bench.events.also = [&](const std::string& event) {
    if (event == "drained 1") bench.multiplexer.reset();
  };
  bench.line.room_now = FakeLine::unlimited;
  bench.multiplexer->drained();
  CHECK(bench.events_told() == Told{"drained 1"});
}

TEST_CASE("the host is ready while any channel of its says so [MUX-28] [SLP-1]") {
  Bench bench;
  CHECK_FALSE(bench.multiplexer->host_is_ready());
  bench.open(2);
  bench.host("F9 03 EF 09 E3 05 07 89 FB F9");
  CHECK(bench.multiplexer->host_is_ready());
  bench.host("F9 03 EF 09 E3 05 0B 89 FB F9");
  CHECK_FALSE(bench.multiplexer->host_is_ready());
  bench.host("F9 03 EF 09 E3 05 0B 8D FB F9");
  CHECK(bench.multiplexer->host_is_ready());
  bench.host(rows[2].disc);
  CHECK_FALSE(bench.multiplexer->host_is_ready());
}
