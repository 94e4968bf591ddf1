// From a closed port to a subscription, and back to the start from everywhere.
#include "tests/unit/storm/host_bench.hpp"

#include <vector>

using namespace storm_test;

namespace {

/// The host makes another attempt, within the longest first back-off.
void comes_back(HostBench& bench) {
  CHECK(bench.done().empty());
  bench.pass(499ms);
  CHECK(bench.done().empty());
  bench.pass(502ms);
  CHECK(bench.done() == "AT+QMTOPEN=0,\"host\",1883\r");
}

/// The same, after the client has been closed.
void clears_and_comes_back(HostBench& bench) {
  CHECK(bench.done() == "AT+QMTCLOSE=0\r");
  bench.says("\r\nOK\r\n\r\n+QMTCLOSE: 0,0\r\n");
  comes_back(bench);
}

}  // namespace

TEST_CASE("a host connects, subscribes and is counted") {
  HostBench bench;
  bench.wake();
  bench.pass(100ms);
  bench.open_link();
  CHECK(bench.tally.connect_times.count() == 1);
  CHECK(bench.done() == "AT+QMTSUB=0,1,\"storm/7\",1\r");
  CHECK_FALSE(bench.host.is_connected());
  bench.says("\r\nOK\r\n");
  CHECK(bench.tally.ever_connected() == 0);
  bench.says("\r\n+QMTSUB: 0,1,0,1\r\n");
  CHECK(bench.host.is_connected());
  CHECK(bench.tally.ever_connected() == 1);
  CHECK(bench.tally.start().attempts() == 1);
}

TEST_CASE("a host starts when its turn comes") {
  HostBench bench(usual_plan(), 3s);
  bench.pass(2999ms);
  CHECK(bench.done().empty());
  bench.pass(1ms);
  CHECK(bench.done() == "[open]");
}

TEST_CASE("a module that starts is typed at until it answers") {
  HostBench bench;
  bench.open_port();
  CHECK(bench.done() == "ATE0\r");
  bench.pass(2500ms);
  CHECK(bench.done() == "ATE0\rATE0\r");
  bench.says("\r\nRDY\r\n\r\n+CFUN: 1\r\nATE0\r\r\nERROR\r\n");
  CHECK(bench.done().empty());
  bench.says("ATE0\r\r\nOK\r\n");
  bench.pass(200ms);
  bench.says("\r\nOK\r\n");  // of another ATE0
  bench.pass(299ms);
  CHECK(bench.done().empty());
  bench.pass(1ms);
  bench.open_link();
}

TEST_CASE("a module that never answers loses its host for a while") {
  HostBench bench;
  bench.open_port();
  bench.pass(19'999ms);
  CHECK(bench.done().size() == 20 * 5);
  bench.pass(1ms);
  CHECK(bench.done() == "[close]");
  CHECK(bench.tally.troubles.silences == 1);
  bench.pass(1s);
  CHECK(bench.done() == "[open]");
}

TEST_CASE("a session that is to be kept is configured first") {
  auto plan = usual_plan();
  plan.keep_session = true;
  HostBench bench(plan);
  bench.wake();
  CHECK(bench.done() == "AT+QMTCFG=\"session\",0,0\r");
  SECTION("as every module knows it") { bench.says("\r\nOK\r\n"); }
  SECTION("and goes on where it does not") { bench.says("\r\nERROR\r\n"); }
  bench.open_link();
}

TEST_CASE("without subscription messages are published at once") {
  auto plan = usual_plan();
  plan.subscribe = false;
  HostBench bench(plan);
  bench.connect();
  CHECK(bench.done().empty());
}

TEST_CASE("an open that fails") {
  HostBench bench;
  bench.wake();
  CHECK(bench.done() == "AT+QMTOPEN=0,\"host\",1883\r");
  SECTION("is tried again") {
    bench.says("\r\nOK\r\n\r\n+QMTOPEN: 0,-1\r\n");
    comes_back(bench);
  }
  SECTION("for a client in use frees it first") {
    bench.says("\r\nOK\r\n\r\n+QMTOPEN: 0,2\r\n");
    clears_and_comes_back(bench);
  }
  SECTION("with ERROR frees the client first, which may be free") {
    bench.says("\r\nERROR\r\n");
    CHECK(bench.done() == "AT+QMTCLOSE=0\r");
    bench.says("\r\n+CME ERROR: 3\r\n");
    comes_back(bench);
  }
  SECTION("without a result is given up after the module's own limit") {
    bench.says("\r\nOK\r\n");
    bench.pass(124'999ms);
    CHECK(bench.done().empty());
    bench.pass(1ms);
    clears_and_comes_back(bench);
  }
  CHECK(bench.tally.troubles.open_failures == 1);
  CHECK(bench.tally.start().attempts() == 2);
}

TEST_CASE("a result whose OK was lost counts, once no OK can come any more") {
  HostBench bench;
  bench.wake();
  bench.done();
  bench.says("\r\n+QMTOPEN: 0,0\r\n");
  bench.pass(14'999ms);
  CHECK(bench.done().empty());
  bench.pass(1ms);
  CHECK(bench.done() == "AT+QMTCONN=0,\"storm-7\"\r");
  CHECK(bench.tally.troubles.silences == 0);
}

TEST_CASE("a command that is not answered costs the port") {
  HostBench bench;
  bench.wake();
  bench.done();
  bench.pass(15s);
  CHECK(bench.done() == "[close]");
  CHECK(bench.tally.troubles.silences == 1);
}

TEST_CASE("a connect that fails") {
  HostBench bench;
  bench.wake();
  bench.done();
  bench.says("\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
  CHECK(bench.done() == "AT+QMTCONN=0,\"storm-7\"\r");
  SECTION("as the broker refuses") {
    bench.says("\r\nOK\r\n\r\n+QMTCONN: 0,0,5\r\n\r\n+QMTSTAT: 0,4\r\n");
    comes_back(bench);
  }
  SECTION("as nothing comes back, which the module tells again and again") {
    bench.says("\r\nOK\r\n\r\n+QMTCONN: 0,1,1\r\n\r\n+QMTCONN: 0,1,2\r\n");
    CHECK(bench.done().empty());
    bench.says("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,4\r\n");
    comes_back(bench);
  }
  SECTION("as the link went before the command came") {
    bench.says("\r\n+QMTSTAT: 0,1\r\n");
    CHECK(bench.done().empty());
    bench.says("\r\nERROR\r\n");
    clears_and_comes_back(bench);
  }
  SECTION("as the link went behind it") {
    bench.says("\r\nOK\r\n\r\n+QMTSTAT: 0,1\r\n");
    comes_back(bench);
  }
  CHECK(bench.tally.troubles.connect_failures == 1);
  CHECK(bench.tally.connect_times.count() == 0);
}

TEST_CASE("a subscription that fails") {
  HostBench bench;
  bench.wake();
  bench.open_link();
  CHECK(bench.done() == bench.subscription());
  SECTION("as the broker does not grant it") {
    bench.says("\r\nOK\r\n\r\n+QMTSUB: 0,1,0,128\r\n");
    clears_and_comes_back(bench);
  }
  SECTION("as no answer comes to it") {
    bench.says("\r\nOK\r\n\r\n+QMTSUB: 0,1,1,1\r\n\r\n+QMTSUB: 0,1,2\r\n\r\n+QMTSTAT: 0,6\r\n");
    comes_back(bench);
  }
  CHECK(bench.tally.troubles.subscribe_failures == 1);
  CHECK(bench.tally.ever_connected() == 0);
}

TEST_CASE("each failed attempt doubles the wait, up to a limit") {
  HostBench bench;
  bench.wake();
  bench.done();
  std::vector<Time> waits;
  for (int attempt = 0; attempt < 9; ++attempt) {
    bench.says("\r\nOK\r\n\r\n+QMTOPEN: 0,-1\r\n");
    waits.push_back(*bench.host.deadline() - bench.now);
    bench.pass(waits.back());
    REQUIRE(bench.done() == "AT+QMTOPEN=0,\"host\",1883\r");
  }
  Time whole = 1s;
  for (const auto wait : waits) {
    CHECK(wait >= whole / 2);
    CHECK(wait <= whole);
    whole = std::min<Time>(whole * 2, 60s);
  }
}

TEST_CASE("a port that does not open is tried again") {
  HostBench bench;
  bench.pass(0s);
  CHECK(bench.done() == "[open]");
  SECTION("as somebody says so") { bench.host.port_closed(bench.now); }
  SECTION("as nobody says anything") { bench.pass(10s); }
  CHECK(bench.done() == "[close]");
  CHECK(bench.tally.troubles.port_failures == 1);
  bench.pass(1s);
  CHECK(bench.done() == "[open]");
}

TEST_CASE("a port that closes is opened again, from every step") {
  HostBench bench;
  const std::vector<std::string> answers{"\r\nOK\r\n", "\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n",
                                         "\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n",
                                         "\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n"};
  const auto steps = GENERATE(range(std::size_t{0}, std::size_t{5}));
  bench.open_port();
  for (std::size_t i = 0; i < steps; ++i) bench.says(answers[i]);
  bench.says("\r\n+QMT");  // half a line, which must not stay
  bench.done();
  bench.host.port_closed(bench.now);
  CHECK(bench.done() == "[close]");
  CHECK(bench.tally.troubles.ports_closed == 1);
  CHECK(bench.tally.connected() == 0);
  bench.host.port_closed(bench.now);  // nobody's any more
  bench.says("\r\nOK\r\n");
  bench.pass(1s);
  CHECK(bench.done() == "[open]");
  bench.host.port_opened(bench.now);
  CHECK(bench.done() == "ATE0\r");
  bench.says("\r\nOK\r\n");
  bench.open_link();
}

TEST_CASE("garbage does no harm") {
  HostBench bench;
  const std::string garbage =
      std::string("\x00\xff\xfe> \r\n>>\r\n", 10) +
      "+QMTOPEN: \r\n+QMTCONN: 0\r\n+QMTOPEN: 0,\r\n" +
      "+QMTSTAT: x,1\r\n+QMTSTAT: 1,1\r\n+QMTPUBEX: 0,1\r\n+QMTRECV: 0,0,\"t\r\n+QMTDISC: 0,0\r\n" +
      std::string(10'000, 'x') + "\r\n> \r\n";
  bench.open_port();
  bench.done();
  bench.says(garbage + "\r\nOK\r\n");
  CHECK(bench.done() == "AT+QMTOPEN=0,\"host\",1883\r");
  bench.says(garbage + "\r\nOK\r\n" + garbage + "\r\n+QMTOPEN: 0,0\r\n");
  CHECK(bench.done() == "AT+QMTCONN=0,\"storm-7\"\r");
  bench.says(garbage + "\r\nOK\r\n" + garbage + "\r\n+QMTCONN: 0,0,0\r\n");
  CHECK(bench.done() == bench.subscription());
  bench.says("\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n" + garbage);
  CHECK(bench.host.is_connected());
}
