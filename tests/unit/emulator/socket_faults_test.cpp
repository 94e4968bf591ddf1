// Faults of names, connections and links as sockets see them, in virtual time.
#include "tests/support/faulty_modem.hpp"

#include <array>
#include <deque>
#include <string>

#include <catch2/catch.hpp>

using Bench = support::FaultyModem;
using namespace std::chrono_literals;

namespace {

constexpr auto open_command = "AT+QIOPEN=1,0,\"TCP\",\"h\",80,0,0\r";
constexpr auto is_open = "\r\nOK\r\n\r\n+QIOPEN: 0,0\r\n";

void activate(Bench& bench) {
  bench.send("AT+QIACT=1\r");
  bench.wait(1s);
  bench.said();
}

void open(Bench& bench) {
  activate(bench);
  bench.send(open_command);
  bench.transport.events(0)->opened({"10.0.0.1", 1025});
  bench.wait({});
  CHECK(bench.said() == is_open);
  bench.transport.requests[0].clear();
}

void send(Bench& bench, const std::string& payload) {
  bench.send("AT+QISEND=0," + std::to_string(payload.size()) + "\r");
  bench.send(payload);
  bench.said();
}

}  // namespace

TEST_CASE("names and connections of sockets fail as they are told [CTL-10] [XPLAY-8]") {
  struct Row {
    const char* fault;
    std::string answer;
    std::string asked;
  };
  const std::array<Row, 4> rows{{
      {R"({"type":"dns","params":{"mode":"none"}})", "\r\n+QIOPEN: 0,565\r\n", ""},
      {R"({"type":"dns","params":{"mode":"wrong"}})", "", "connect 192.0.2.1 80"},
      {R"({"type":"connect","params":{"mode":"refuse"}})", "\r\n+QIOPEN: 0,566\r\n", ""},
      {R"({"type":"connect","params":{"mode":"swallow"}})", "", ""},
  }};
  for (const auto& row : rows) {
    CAPTURE(row.fault);
    Bench bench;
    activate(bench);
    bench.set(row.fault);
    bench.send(open_command);
    bench.wait(1s);
    CHECK(bench.said() == "\r\nOK\r\n" + row.answer);
    const auto& asked = bench.transport.requests[0];
    CHECK((asked.empty() ? "" : asked.front()) == row.asked);
    bench.wait(120s);
    CHECK(bench.said() == (row.answer.empty() ? "\r\n+QIOPEN: 0,566\r\n" : ""));
    CHECK(bench.applied().size() == 1);
  }
}

TEST_CASE("a name that is answered late opens late, a connection that is reset opens before") {
  Bench bench;
  activate(bench);
  SECTION("late") {
    bench.set(R"({"type":"dns","params":{"mode":"slow","ms":3000}})");
    bench.send(open_command);
    bench.wait(3s - 1us);
    CHECK(bench.transport.requests[0].empty());
    bench.wait(1us);
    CHECK(bench.transport.requests[0] == std::deque<std::string>{"connect h 80"});
  }
  SECTION("reset") {
    bench.set(R"({"type":"connect","params":{"mode":"reset"}})");
    bench.send(open_command);
    bench.transport.events(0)->opened({"10.0.0.1", 1025});
    bench.wait({});
    CHECK(bench.said() == std::string(is_open) + "\r\n+QIURC: \"closed\",0\r\n");
  }
}

TEST_CASE("a condition on the command tells sockets from clients, and plain from TLS") {
  Bench bench;
  activate(bench);
  bench.set(R"({"type":"connect","params":{"mode":"refuse"},"when":{"command":"QSSLOPEN"}})");
  bench.send("AT+QSSLOPEN=1,0,1,\"h\",443,0\r");
  bench.wait(1s);
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QSSLOPEN: 1,566\r\n");
  bench.send(open_command);
  bench.wait(1s);
  CHECK(bench.said() == "\r\nOK\r\n");
  CHECK(bench.applied().size() == 1);
}

TEST_CASE("an established socket is reset, goes deaf, or is forgotten") {
  Bench bench;
  open(bench);
  SECTION("reset") {
    bench.set(R"({"type":"link","params":{"mode":"reset"}})");
    bench.wait({});
    CHECK(bench.said() == "\r\n+QIURC: \"closed\",0\r\n");
    CHECK(bench.transport.requests[0] == std::deque<std::string>{"cut"});
  }
  SECTION("of a client only: the socket stays") {
    bench.set(R"({"type":"link","params":{"mode":"reset"},"when":{"client":0}})");
    bench.wait(1s);
    CHECK(bench.said().empty());
  }
  SECTION("deaf: what is sent is never acknowledged, what comes is never heard") {
    bench.set(R"({"type":"link","params":{"mode":"half-open"}})");
    send(bench, "hello");
    CHECK(bench.transport.requests[0].empty());
    CHECK(bench.answer("AT+QISEND=0,0\r") == "\r\n+QISEND: 5,0,5\r\n\r\nOK\r\n");
    bench.transport.events(0)->arrived({"x"});
    bench.transport.events(0)->ended(data_services::Ending::finished);
    bench.wait(60s);
    CHECK(bench.said().empty());
    bench.send("AT+QICLOSE=0\r");
    bench.wait(10s - 1us);
    CHECK(bench.said().empty());
    bench.wait(1us);
    CHECK(bench.said() == "\r\nOK\r\n");
  }
  SECTION("forgotten after a time without traffic") {
    bench.set(R"({"type":"nat-idle","params":{"s":30}})");
    bench.wait(29s);
    send(bench, "a");
    CHECK(bench.transport.requests[0].size() == 1);
    bench.wait(30s);
    send(bench, "b");
    CHECK(bench.transport.requests[0].size() == 1);
  }
}

TEST_CASE("a slow socket says all in order, late, and ends behind it") {
  Bench bench;
  open(bench);
  bench.set(R"({"type":"link","params":{"mode":"slow","delay_ms":500,"bytes_per_s":1000}})");
  bench.transport.events(0)->arrived({std::string(1000, 'x')});
  bench.transport.events(0)->ended(data_services::Ending::finished);
  bench.wait(1500ms - 1us);
  CHECK(bench.said().empty());
  bench.wait(1us);
  CHECK(bench.said() == "\r\n+QIURC: \"recv\",0\r\n\r\n+QIURC: \"closed\",0\r\n");
}

TEST_CASE("what goes out over a slow way takes its time, and a close comes behind it") {
  Bench bench;
  open(bench);
  bench.set(R"({"type":"link","params":{"mode":"slow","delay_ms":0,"bytes_per_s":1000}})");
  send(bench, std::string(1000, 'x'));
  CHECK(bench.answer("AT+QISEND=0,0\r") == "\r\n+QISEND: 1000,0,1000\r\n\r\nOK\r\n");
  bench.send("AT+QICLOSE=0\r");
  bench.wait(1s - 1us);
  CHECK(bench.transport.requests[0].empty());
  bench.wait(1us);
  CHECK(bench.transport.requests[0].size() == 2);
  CHECK(bench.transport.requests[0].back() == "close");
}

TEST_CASE("a transparent socket has its bytes as they are, whatever is set for lines") {
  Bench bench;
  activate(bench);
  bench.set(R"({"type":"busy","params":{"ms":1000},"when":{"command":"CSQ"}})");
  bench.send("AT+QICFG=\"transwaittm\",0\r");
  bench.said();
  bench.send("AT+QIOPEN=1,0,\"TCP\",\"h\",80,0,2\r");
  bench.transport.events(0)->opened({"10.0.0.1", 1025});
  bench.wait({});
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  bench.transport.requests[0].clear();
  bench.send("AT+CSQ\r and no end of line");
  CHECK(bench.transport.requests[0] ==
        std::deque<std::string>{"send \"AT+CSQ\\r and no end of line\""});
  bench.transport.events(0)->arrived({"AT\r\nOK"});
  bench.wait({});
  CHECK(bench.said() == "AT\r\nOK");
}
