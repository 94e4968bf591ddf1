// +QMTSTAT as onlookers find it among other lines.
#include "mqtt_backend/stat_urc.hpp"

#include <catch2/catch.hpp>

using mqtt_backend::stat_in;

TEST_CASE("a +QMTSTAT is found with its framing and without, and nothing else is one") {
  for (const auto* line : {"+QMTSTAT: 3,1", "\r\n+QMTSTAT: 3,1\r\n"}) {
    const auto stat = stat_in(line);
    REQUIRE(stat);
    CHECK(stat->client == 3);
    CHECK(stat->code == 1);
  }
  for (const auto* line : {"", "\r\n", "+QMTPING: 3,1", "+QMTSTAT: 3", "+QMTSTAT: 3,1,2",
                           "+QMTSTAT: x,1", "+QMTSTAT: 3,x", "+QMTSTAT: 3,\"1"}) {
    CAPTURE(line);
    CHECK_FALSE(stat_in(line));
  }
}
