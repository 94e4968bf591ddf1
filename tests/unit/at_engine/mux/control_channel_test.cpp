// The control channel of an open multiplexer, in the contract's bytes.
#include "at_engine/mux/multiplexer.hpp"
#include "tests/unit/at_engine/mux/bench.hpp"
#include "tests/unit/at_engine/mux/rows.hpp"

#include <catch2/catch.hpp>

using namespace mux_bench;

TEST_CASE("control messages are answered in the contract's bytes [MUX-27] [MUX-30] [MUX-31]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 03 EF 09 E3 05 07 8D FB F9") == frames({"F9 01 EF 09 E1 05 07 8D 9A F9"}));
  CHECK(bench.host("F9 03 EF 0D 23 09 50 49 4E 47 FC F9") ==
        frames({"F9 01 EF 0D 21 09 50 49 4E 47 9D F9"}));
  CHECK(bench.host("F9 03 EF 15 83 11 01 00 07 0A 7F 00 03 00 EE F9") ==
        frames({"F9 01 EF 15 81 11 01 00 07 0A 7F 00 03 00 8F F9"}));
  CHECK(bench.host("F9 03 EF 09 D3 05 07 00 FB F9") == frames({"F9 01 EF 07 11 03 D3 70 F9"}));
  CHECK(bench.host("F9 03 EF 05 FF 01 F2 F9") == frames({"F9 01 EF 07 11 03 FF 70 F9"}));
  CHECK(bench.host("F9 03 EF 07 93 03 07 11 F9") ==
        frames({"F9 01 EF 15 91 11 07 07 03 00 11 13 7F 3F 8F F9"}));
  CHECK(bench.host("F9 03 EF 09 53 05 07 03 FB F9") == frames({"F9 01 EF 09 51 05 07 03 9A F9"}));
  CHECK(bench.host("F9 03 EF 05 43 01 F2 F9") == frames({"F9 01 EF 05 41 01 93 F9"}));
  CHECK(bench.events_told().empty());
}

TEST_CASE("MSC is answered for a DLCI that is closed too [MUX-27]") {
  Bench bench;
  bench.open(1);
  bench.host(rows[1].disc);
  bench.events_told();
  CHECK(bench.host("F9 03 EF 09 E3 05 07 81 FB F9") == frames({"F9 01 EF 09 E1 05 07 81 9A F9"}));
  CHECK(bench.events_told().empty());
  CHECK(bench.host(rows[1].sabm) == frames({rows[1].ua, rows[1].status}));
  CHECK_FALSE(bench.multiplexer->state(1).stopped);
}

TEST_CASE("answers and refusals of the host are not answered [MUX-46] [T-6]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 01 EF 09 E1 05 07 8D 9A F9").empty());
  CHECK(bench.host("F9 03 EF 05 C1 01 F2 F9").empty());
  CHECK(bench.host("F9 03 EF 07 11 03 E3 11 F9").empty());
  CHECK(bench.host("F9 03 EF 07 13 03 E3 11 F9").empty());
  CHECK(bench.host("F9 03 1F 01 36 F9").empty());
  CHECK(bench.multiplexer->is_open(0));
  CHECK(bench.multiplexer->is_open(1));
}

TEST_CASE("a DM of the host closes the DLCI, and nothing else [MUX-46]") {
  Bench bench;
  bench.open(2);
  CHECK(bench.host("F9 07 1F 01 F4 F9").empty());
  CHECK(bench.events_told() == Told{"closed 1 refused"});
  CHECK(bench.multiplexer->is_open(2));
  CHECK(bench.host("F9 07 1F 01 F4 F9").empty());
  CHECK(bench.events_told().empty());
}

TEST_CASE("PN bounds the frames of its DLCI until that is closed [MUX-31]") {
  Bench bench;
  bench.open(0);
  bench.host("F9 03 EF 15 83 11 01 00 07 0A 04 00 03 00 EE F9");
  bench.host(rows[1].sabm);
  bench.host(rows[2].sabm);
  bench.sent();
  CHECK(bench.write(1, "12345").size() == 2);
  CHECK(bench.write(2, "12345").size() == 1);
  bench.host(rows[1].disc);
  bench.host(rows[1].sabm);
  bench.sent();
  CHECK(bench.write(1, "12345").size() == 1);
}
