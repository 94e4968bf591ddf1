// The responder, frame by frame: what opens, what is refused, what carries data, in the contract's
// bytes.
#include "at_engine/mux/multiplexer.hpp"

#include "tests/unit/at_engine/mux/bench.hpp"
#include "tests/unit/at_engine/mux/rows.hpp"

#include <catch2/catch.hpp>

using namespace mux_bench;

TEST_CASE("SABM opens with UA, and MSC behind it, 0 to 4 [MUX-14] [MUX-15] [MUX-21] [MUX-25]") {
  Bench bench;
  CHECK(bench.host(rows[0].sabm) == frames({rows[0].ua}));
  CHECK(bench.events_told().empty());
  for (std::size_t dlci = 1; dlci <= 4; ++dlci) {
    CHECK(bench.host(rows[dlci].sabm) == frames({rows[dlci].ua, rows[dlci].status}));
    CHECK(bench.events_told() == Told{fmt::format("opened {}", dlci)});
    CHECK(bench.multiplexer->is_open(static_cast<int>(dlci)));
  }
}

TEST_CASE("a DLCI opens only under an open control channel [MUX-21]") {
  Bench bench;
  for (std::size_t dlci = 1; dlci <= 4; ++dlci)
    CHECK(bench.host(rows[dlci].sabm) == frames({rows[dlci].dm}));
  CHECK(bench.events_told().empty());
}

TEST_CASE("what is no DLCI is refused up to 7, and not heard above [MUX-17] [MUX-21]") {
  Bench bench;
  bench.open(4);
  CHECK(bench.host("F9 17 3F 01 54 F9") == frames({"F9 17 1F 01 7E F9"}));
  CHECK(bench.host("F9 1F 3F 01 11 F9") == frames({"F9 1F 1F 01 3B F9"}));
  CHECK(bench.host("F9 1F 53 01 F0 F9") == frames({"F9 1F 1F 01 3B F9"}));
  CHECK(bench.host("F9 23 3F 01 C9 F9").empty());
  CHECK(bench.host("F9 23 53 01 28 F9").empty());
  CHECK(bench.events_told().empty());
}

TEST_CASE("fewer DLCIs may be had [MUX-21]") {
  Bench bench(2);
  bench.open(2);
  CHECK(bench.host(rows[3].sabm) == frames({rows[3].dm}));
  CHECK(bench.host(rows[2].sabm) == frames({rows[2].ua}));
  CHECK(bench.multiplexer->is_open(2));
  CHECK_FALSE(bench.multiplexer->is_open(3));
}

TEST_CASE("SABM on an open DLCI is answered and changes nothing [MUX-21] [T-9]") {
  Bench bench;
  CHECK(bench.host(rows[0].sabm) == frames({rows[0].ua}));
  CHECK(bench.host(rows[0].sabm) == frames({rows[0].ua}));
  bench.host(rows[1].sabm);
  bench.events_told();
  CHECK(bench.host(rows[1].sabm) == frames({rows[1].ua}));
  CHECK(bench.host(rows[0].sabm) == frames({rows[0].ua}));
  CHECK(bench.multiplexer->is_open(1));
  CHECK(bench.events_told().empty());
}

TEST_CASE("a host that opens again what was acknowledged is told the signals again [MUX-25]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 03 EF 09 E1 05 07 8D FB F9").empty());
  CHECK(bench.host(rows[1].sabm) == frames({rows[1].ua, rows[1].status}));
  CHECK(bench.host(rows[1].sabm) == frames({rows[1].ua}));
  CHECK(bench.events_told().empty());
}

TEST_CASE("SABM and DISC without P are answered with F [MUX-15] [MUX-22]") {
  Bench bench;
  CHECK(bench.host("F9 03 2F 01 09 F9") == frames({rows[0].ua}));
  CHECK(bench.host("F9 07 2F 01 CB F9") == frames({rows[1].ua, rows[1].status}));
  CHECK(bench.host("F9 07 43 01 2A F9") == frames({rows[1].ua}));
  CHECK(bench.host("F9 0F 43 01 6F F9") == frames({rows[3].dm}));
  CHECK(bench.host("F9 03 2F 01 FD F9").empty());  // seen unanswered: its check byte is wrong
}

TEST_CASE("DISC closes an open DLCI, and finds a closed one [MUX-23]") {
  Bench bench;
  bench.open(4);
  for (std::size_t dlci = 1; dlci <= 4; ++dlci) {
    CHECK(bench.host(rows[dlci].disc) == frames({rows[dlci].ua}));
    CHECK(bench.events_told() == Told{fmt::format("closed {} disconnected", dlci)});
    CHECK(bench.host(rows[dlci].disc) == frames({rows[dlci].dm}));
    CHECK(bench.write(static_cast<int>(dlci), "\r\nNO CARRIER\r\n").empty());
    CHECK(bench.host(rows[dlci].sabm) == frames({rows[dlci].ua, rows[dlci].status}));
    CHECK(bench.events_told() == Told{fmt::format("opened {}", dlci)});
  }
}

TEST_CASE("DISC of a closed control channel is refused and ends nothing [MUX-23]") {
  Bench bench;
  CHECK(bench.host(rows[0].disc) == frames({rows[0].dm}));
  CHECK_FALSE(bench.multiplexer->has_ended());
}

TEST_CASE("data go both ways in frames with the standard's C/R [MUX-14] [T-1]") {
  Bench bench;
  bench.open(4);
  bench.host("F9 07 EF 07 41 54 0D D3 F9");
  bench.host("F9 05 EF 07 41 54 0D B2 F9");  // as hosts of before 2023 send it
  bench.host("F9 0B EF 07 41 54 0D 54 F9");
  bench.host("F9 0F EF 07 41 54 0D 96 F9");
  bench.host("F9 13 FF 07 41 54 0D 9B F9");  // the check byte of EF
  bench.host("F9 13 EF 07 41 54 0D 9B F9");
  bench.host("F9 09 EF 07 2B 2B 2B 35 F9");
  CHECK(bench.events_told() == Told{"received 1 AT\r", "received 1 AT\r", "received 2 AT\r",
                                    "received 3 AT\r", "received 4 AT\r", "received 2 +++"});
  CHECK(bench.write(1, "\r\nOK\r\n") == frames({"F9 05 EF 0D 0D 0A 4F 4B 0D 0A 5F F9"}));
  CHECK(bench.write(2, "\r\nOK\r\n") == frames({"F9 09 EF 0D 0D 0A 4F 4B 0D 0A D8 F9"}));
  CHECK(bench.write(3, "\r\nOK\r\n") == frames({"F9 0D EF 0D 0D 0A 4F 4B 0D 0A 1A F9"}));
  CHECK(bench.write(4, "\r\nOK\r\n") == frames({"F9 11 EF 0D 0D 0A 4F 4B 0D 0A 17 F9"}));
  CHECK(bench.write(1, "\r\nCONNECT\r\n") ==
        frames({"F9 05 EF 17 0D 0A 43 4F 4E 4E 45 43 54 0D 0A AE F9"}));
  CHECK(bench.write(2, "\r\nCONNECT\r\n") ==
        frames({"F9 09 EF 17 0D 0A 43 4F 4E 4E 45 43 54 0D 0A 29 F9"}));
  CHECK(bench.write(1, "\r\nNO CARRIER\r\n") ==
        frames({"F9 05 EF 1D 0D 0A 4E 4F 20 43 41 52 52 49 45 52 0D 0A 43 F9"}));
  CHECK(bench.write(2, "\r\nNO CARRIER\r\n") ==
        frames({"F9 09 EF 1D 0D 0A 4E 4F 20 43 41 52 52 49 45 52 0D 0A C4 F9"}));
}

TEST_CASE("P/F does not matter with data, and a frame may be empty [MUX-16] [MUX-18]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 07 FF 07 41 54 0D C6 F9").empty());
  CHECK(bench.host("F9 07 EF 01 37 F9").empty());
  CHECK(bench.host("F9 07 03 07 41 54 0D 44 F9").empty());
  CHECK(bench.events_told() == Told{"received 1 AT\r", "received 1 AT\r"});
  CHECK(bench.multiplexer->state(1).frames_in == 3);
  CHECK(bench.multiplexer->state(1).bytes_in == 6);
}

TEST_CASE("data of a DLCI that is closed are dropped in silence [MUX-17]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.host("F9 0B EF 07 41 54 0D 54 F9").empty());
  CHECK(bench.host("F9 17 EF 01 BD F9").empty());
  CHECK(bench.host("F9 03 73 01 D7 F9").empty());
  CHECK(bench.events_told().empty());
}

TEST_CASE("data right behind SABM belong to the DLCI that it opens [T-27]") {
  Bench bench;
  const auto all = hex({rows[0].sabm, rows[1].sabm, "F9 07 EF 07 41 54 0D D3 F9", rows[1].disc,
                        "F9 07 EF 07 41 54 0D D3 F9"});
  bench.multiplexer->receive(all);
  CHECK(bench.events_told() == Told{"opened 1", "received 1 AT\r", "closed 1 disconnected"});
  CHECK(bench.sent() == frames({rows[0].ua, rows[1].ua, rows[1].status, rows[1].ua}));
}

TEST_CASE("no frame has more data than N1, 127 unless the host says otherwise [MUX-4] [T-4]") {
  Bench usual;
  usual.open(1);
  const auto sent = usual.write(1, std::string(300, '0'));
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].starts_with("F9 05 EF FF 30 30"));
  CHECK(sent[0].size() == (127 + 6) * 3 - 1);
  CHECK(sent[2].starts_with("F9 05 EF 5D 30 30"));  // 46 bytes
  Bench large(4, {.n1 = 1509});
  large.open(1);
  const auto two = large.write(1, std::string(2000, '0'));
  REQUIRE(two.size() == 2);
  CHECK(two[0].starts_with("F9 05 EF CA 0B 30"));
  CHECK(two[1].starts_with("F9 05 EF D6 03 30"));
  Bench small(4, {.n1 = 1});
  small.open(1);
  CHECK(small.write(1, "00") == Frames(2, "F9 05 EF 03 30 B5 F9"));
  Bench largest(4, {.n1 = 32768});
  largest.open(1);
  CHECK(largest.write(1, std::string(40'000, '0')).size() == 2);
}
