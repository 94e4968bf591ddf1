// A host that is asked before its time has come: it does nothing, in every step.
#include "tests/unit/storm/host_bench.hpp"

using namespace storm_test;

namespace {

/// Nothing is due yet.
void is_early(HostBench& bench) {
  REQUIRE(bench.host.deadline() > bench.now);
  bench.host.tick(bench.now);
  CHECK(bench.done().empty());
}

}  // namespace

TEST_CASE("a host that is asked too early does nothing on its way to a connection") {
  HostBench bench(usual_plan(), 1s);
  is_early(bench);
  bench.pass(1s);
  CHECK(bench.done() == "[open]");
  is_early(bench);
  bench.host.port_opened(bench.now);
  CHECK(bench.done() == "ATE0\r");
  is_early(bench);
  // Of a module that was asked more than once other answers may follow.
  bench.pass(Host::wake_interval);
  CHECK(bench.done() == "ATE0\r");
  bench.says("\r\nOK\r\n");
  is_early(bench);
  bench.pass(Host::settling);
  CHECK(bench.done() == "AT+QMTOPEN=0,\"host\",1883\r");
  is_early(bench);
  bench.says("\r\nOK\r\n");
  is_early(bench);
  CHECK(bench.tally.troubles.silences == 0);
}

TEST_CASE("a host that rests after a failure does so to the end") {
  HostBench bench;
  bench.wake();
  bench.done();
  bench.says("\r\nOK\r\n\r\n+QMTOPEN: 0,3\r\n");
  is_early(bench);
  bench.pass(1s);
  CHECK(bench.done() == "AT+QMTOPEN=0,\"host\",1883\r");
}

TEST_CASE("a second OK for one command changes nothing") {
  HostBench bench;
  bench.wake();
  bench.done();
  bench.says("\r\nOK\r\n\r\nOK\r\n");
  CHECK(bench.done().empty());
  bench.says("\r\n+QMTOPEN: 0,0\r\n");
  CHECK(bench.done() == "AT+QMTCONN=0,\"storm-7\"\r");
}

TEST_CASE("the end of a run waits for the result of a message, and no longer than for any") {
  HostBench bench;
  bench.connect();
  bench.type_message();
  bench.says("\r\nOK\r\n");
  bench.host.finish(bench.now);
  CHECK(bench.host.deadline() == bench.now + Host::drain_limit);
}
