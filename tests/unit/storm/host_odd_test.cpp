// What a module says out of its turn, and the end of a run in the middle of steps.
#include "tests/unit/storm/host_bench.hpp"

using namespace storm_test;

namespace {

constexpr auto link_lost = "\r\n+QMTSTAT: 0,1\r\n";

Plan without_subscription() {
  auto plan = usual_plan();
  plan.subscribe = false;
  return plan;
}

}  // namespace

TEST_CASE("bytes before the port is open are nobody's, and so is a port that opens unasked") {
  HostBench bench(usual_plan(), 1s);
  bench.host.port_opened(bench.now);
  CHECK(bench.done().empty());
  bench.pass(1s);
  CHECK(bench.done() == "[open]");
  bench.says("\r\nOK\r\n\r\nRDY\r\n");
  CHECK(bench.done().empty());
  CHECK(bench.tally.troubles.restarts == 0);
}

TEST_CASE("codes of +QMTSTAT are counted by themselves, those that there are not together") {
  HostBench bench;
  bench.wake();
  bench.done();
  // While the link opens there is none to lose.
  bench.says("\r\n+QMTSTAT: 0,9\r\n\r\n+QMTSTAT: 0,0\r\n\r\n+QMTSTAT: 0,10\r\n");
  bench.says("\r\n+QMTSTAT: 0,-1\r\n");
  CHECK(bench.tally.troubles.status[9] == 1);
  CHECK(bench.tally.troubles.status[0] == 3);
  bench.says("\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
  CHECK(bench.done() == "AT+QMTCONN=0,\"storm-7\"\r");
}

TEST_CASE("a link that goes while the host subscribes") {
  HostBench bench;
  bench.wake();
  bench.open_link();
  CHECK(bench.done() == bench.subscription());
  SECTION("behind the OK") { bench.says(std::string("\r\nOK\r\n") + link_lost); }
  SECTION("and the OK is lost with it") {
    bench.says(link_lost);
    bench.pass(15s);
    CHECK(bench.tally.troubles.silences == 0);
  }
  CHECK(bench.tally.troubles.subscribe_failures == 1);
  CHECK(bench.done().empty());
  bench.pass(1s);
  CHECK(bench.done() == "AT+QMTOPEN=0,\"host\",1883\r");
}

TEST_CASE("results of another subscription, and those that come twice, change nothing") {
  HostBench bench;
  bench.wake();
  bench.open_link();
  bench.done();
  bench.says("\r\nOK\r\n\r\n+QMTSUB: 0,2,0,1\r\n");
  CHECK_FALSE(bench.host.is_connected());
  bench.says("\r\n+QMTSUB: 0,1,0,1\r\n\r\n+QMTSUB: 0,1,0,128\r\n");
  CHECK(bench.host.is_connected());
}

TEST_CASE("a result before its OK counts, and a second one does not") {
  HostBench bench;
  bench.wake();
  bench.done();
  bench.says("\r\n+QMTOPEN: 0,0\r\n\r\n+QMTOPEN: 0,-1\r\n");
  CHECK(bench.done().empty());
  bench.says("\r\nOK\r\n");
  CHECK(bench.done() == "AT+QMTCONN=0,\"storm-7\"\r");
}

TEST_CASE("OKs that nobody waits for") {
  HostBench bench;
  bench.connect();
  bench.says("\r\nOK\r\n\r\nERROR\r\n");
  CHECK(bench.tally.messages.failed.all() == 0);
  SECTION("in place of the prompt: the message is not sent") {
    CHECK_FALSE(bench.next_command().empty());
    bench.says("\r\nOK\r\n");
    CHECK(bench.tally.messages.failed.refused == 1);
  }
  SECTION("an ERROR behind the result: the message has come") {
    bench.type_message();
    bench.says("\r\n+QMTPUBEX: 0,1,0\r\n\r\nERROR\r\n");
    CHECK(bench.tally.messages.confirmed == 1);
    CHECK(bench.tally.messages.failed.all() == 0);
  }
}

TEST_CASE("without a subscription nothing is expected to come back") {
  HostBench bench(without_subscription());
  bench.connect();
  bench.type_message();
  bench.says("\r\nOK\r\n\r\n+QMTPUBEX: 0,1,0\r\n");
  bench.host.finish(bench.now);
  CHECK(bench.done() == "AT+QMTDISC=0\r");
  CHECK(bench.tally.messages.unreceived == 0);
}

TEST_CASE("a module that starts anew where nothing is to be lost") {
  HostBench bench;
  SECTION("while an OK of its waking may come") {
    bench.open_port();
    bench.done();
    bench.pass(1s);
    bench.says("\r\nOK\r\n");
    bench.done();
    bench.says("\r\nRDY\r\n");
    CHECK(bench.tally.troubles.restarts == 0);
    CHECK(bench.done() == "ATE0\r");
  }
  SECTION("between two attempts") {
    bench.wake();
    bench.says("\r\nOK\r\n\r\n+QMTOPEN: 0,-1\r\n");
    bench.done();
    bench.says("\r\nRDY\r\n");
    CHECK(bench.tally.troubles.restarts == 1);
    CHECK(bench.done() == "ATE0\r");
  }
  SECTION("at the end of the run") {
    bench.connect();
    bench.host.finish(bench.now);
    CHECK(bench.done() == "AT+QMTDISC=0\r");
    bench.says("\r\nRDY\r\n");
    CHECK(bench.tally.troubles.restarts == 1);
    CHECK(bench.done() == "[close]");
    CHECK(bench.host.is_done());
  }
}

TEST_CASE("the end of a run in the steps where nothing is under way") {
  auto plan = usual_plan();
  plan.keep_session = true;
  HostBench bench(plan);
  SECTION("while the port opens") {
    bench.pass(0s);
    bench.done();
    bench.host.finish(bench.now);
  }
  SECTION("while an OK of its waking may come") {
    bench.open_port();
    bench.pass(1s);
    bench.says("\r\nOK\r\n");
    bench.done();
    bench.host.finish(bench.now);
  }
  SECTION("while the session is configured: its OK is waited for") {
    bench.wake();
    CHECK(bench.done() == "AT+QMTCFG=\"session\",0,0\r");
    bench.host.finish(bench.now);
    CHECK(bench.done().empty());
    bench.says("\r\nOK\r\n");
  }
  SECTION("between two attempts") {
    bench.wake();
    bench.says("\r\nOK\r\n");
    bench.says("\r\nOK\r\n\r\n+QMTOPEN: 0,-1\r\n");
    bench.done();
    bench.host.finish(bench.now);
  }
  CHECK(bench.done() == "[close]");
  CHECK(bench.host.is_done());
  bench.host.abandon();
  CHECK(bench.done().empty());
}
