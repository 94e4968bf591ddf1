// Sessions as cases, and where two of them part.
#include "conformance/compare/diff.hpp"
#include "conformance/compare/session.hpp"

#include <catch2/catch.hpp>

using namespace conformance;
using namespace std::chrono_literals;

TEST_CASE("a recorded session is a case: lines, blocks, bytes, pauses, late words") {
  Session session;
  session.add(1ms, false, "\r\nRDY\r\n");
  session.add(100ms, true, "AT");
  session.add(101ms, true, "E0\r");
  session.add(120ms, false, "ATE0\r\r\nOK\r\n");
  session.add(200ms, true, "ATI\r");
  session.add(210ms, false, "\r\nQuectel\r\nEG916Q\r\n\r\nOK\r\n");
  session.add(3210ms, true, "AT+X=\"$a \"\r");
  session.add(3220ms, false, "\r\n> ");
  session.add(3230ms, true, "a\x1a");
  session.add(13230ms, false, "\r\n+X: 1\r\n");
  CHECK(session.as_case("A title") ==
        "# A title\ncase A title\necho\n"
        "# at 0.100 s\n> ATE0\n# at 0.120 s\n<< ATE0\\r\n< OK\n"
        "# at 0.200 s\n> ATI\n# at 0.210 s\n< Quectel\n<| EG916Q\n< OK\n"
        "wait 3.0s\n# at 3.210 s\n>> AT+X=\"$$a \"\\r\n# at 3.220 s\n<< \\r\\n>\\s\n"
        "# at 3.230 s\n>> a\\x1a\n# at 13.230 s\nwithin 20s < +X: 1\n");
}

TEST_CASE("turns are the host's words and what the unit said to them, without what was set aside") {
  CaseResult result;
  result.events = {{1ms, Speaker::unit, "early", 1},
                   {2ms, Speaker::host, "AT\\r", 2},
                   {5ms, Speaker::unit, "\\r\\nOK\\r\\n", 3},
                   {6ms, Speaker::unit, "\\r\\n+CREG: 1\\r\\n", 3},
                   {6ms, Speaker::suite, "set aside: +CREG: 1", 3}};
  const auto turns = turns_of(result);
  REQUIRE(turns.size() == 1);
  CHECK(turns[0].host == "AT\\r");
  CHECK(turns[0].unit == "\\r\\nOK\\r\\n");
  CHECK(turns[0].line == 2);
}

TEST_CASE("what the peer's own acts take is no time of the unit") {
  CaseResult result;
  result.events = {{0ms, Speaker::host, "AT+QMTSUB", 1},
                   {5ms, Speaker::unit, "OK", 2},
                   {1005ms, Speaker::peer, "publish 0 0 \"t\" \"x\"", 3},
                   {1007ms, Speaker::unit, "+QMTRECV", 4},
                   {1010ms, Speaker::host, "AT", 5},
                   {1011ms, Speaker::peer, "hears 0 0 \"t\" \"x\"", 6},
                   {1013ms, Speaker::unit, "OK", 7}};
  const auto turns = turns_of(result);
  REQUIRE(turns.size() == 2);
  CHECK(turns[0].unit == "OK+QMTRECV");
  CHECK(turns[0].took == 7ms);
  CHECK(turns[1].took == 3ms);
}

TEST_CASE("the first difference is one of bytes; one of time only where there is none") {
  const std::vector<Turn> a{{1, "AT", "OK", 10ms}, {2, "ATI", "x", 10ms}};
  auto b = a;
  CHECK_FALSE(first_difference(a, b, 100ms));
  b[0].took = 500ms;
  REQUIRE(first_difference(a, b, 100ms));
  CHECK(first_difference(a, b, 100ms)->in_time);
  CHECK(first_difference(a, b, 100ms)->a.line == 1);
  b[1] = {2, "ATI", "y", 10ms};
  CHECK_FALSE(first_difference(a, b, 100ms)->in_time);
  CHECK(first_difference(a, b, 100ms)->b.unit == "y");
}
