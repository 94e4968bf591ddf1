// Faults of names and connections as HTTP sees them, in virtual time.
#include "tests/support/faulty_modem.hpp"

#include <array>
#include <string>

#include <catch2/catch.hpp>

using Bench = support::FaultyModem;
using namespace std::chrono_literals;

namespace {

void prepare(Bench& bench) {
  bench.send("AT+QIACT=1\r");
  bench.wait(1s);
  bench.send("AT+QHTTPCFG=\"url\",\"http://h/p\"\r");
  bench.said();
}

}  // namespace

TEST_CASE("names and connections of HTTP fail as they are told [CTL-10]") {
  struct Row {
    const char* fault;
    std::string result;
  };
  const std::array<Row, 4> rows{{
      {R"({"type":"dns","params":{"mode":"none"}})", "\r\n+QHTTPGET: 716\r\n"},
      {R"({"type":"connect","params":{"mode":"refuse"}})", "\r\n+QHTTPGET: 716\r\n"},
      {R"({"type":"connect","params":{"mode":"swallow"}})", ""},
      {R"({"type":"dns","params":{"mode":"slow","ms":60000}})", ""},
  }};
  for (const auto& row : rows) {
    CAPTURE(row.fault);
    Bench bench;
    prepare(bench);
    bench.set(row.fault);
    bench.send("AT+QHTTPGET\r");
    bench.wait(1s);
    CHECK(bench.said() == "\r\nOK\r\n" + row.result);
    bench.wait(30s);
    CHECK(bench.said() == (row.result.empty() ? "\r\n+QHTTPGET: 716\r\n" : ""));
  }
}

TEST_CASE("a condition on the command tells HTTP from sockets [CTL-10]") {
  Bench bench;
  prepare(bench);
  bench.set(R"({"type":"connect","params":{"mode":"refuse"},"when":{"command":"QHTTPPOST"}})");
  bench.send("AT+QHTTPGET\r");
  bench.wait(1s);
  CHECK(bench.said() == "\r\nOK\r\n");
  bench.send("AT+QHTTPSTOP;+QHTTPPOST=5\r");
  bench.wait(1s);
  CHECK(bench.said() == "\r\n+CME ERROR: 716\r\n");
  CHECK(bench.applied().size() == 1);
}

TEST_CASE("a connection of HTTP that is reset has no response [CTL-10]") {
  Bench bench;
  prepare(bench);
  bench.set(R"({"type":"connect","params":{"mode":"reset"}})");
  bench.send("AT+QHTTPGET\r");
  bench.transport.events(0)->opened({"10.0.0.1", 1025});
  bench.wait(1s);
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QHTTPGET: 719\r\n");
}
