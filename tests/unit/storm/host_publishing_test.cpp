// Messages: prompt, payload, OK, result, and their way back, as it should be and otherwise.
#include "tests/unit/storm/host_bench.hpp"

#include <fmt/format.h>

using namespace storm_test;

namespace {

constexpr auto accepted = "\r\nOK\r\n\r\n+QMTPUBEX: 0,1,0\r\n";
constexpr auto comes = "\r\n+QMTRECV: 0,1,\"storm/7\",\"feedbeef 0000000001 \"\r\n";

Plan plan_of(int qos, Time interval) {
  auto plan = usual_plan();
  plan.qos = qos;
  plan.interval = interval;
  return plan;
}

}  // namespace

TEST_CASE("a message is typed, confirmed and received") {
  HostBench bench;
  bench.connect();
  CHECK(bench.next_command() == "AT+QMTPUBEX=0,1,1,0,\"storm/7\",20\r");
  bench.pass(10ms);
  bench.says("\r\n> ");
  CHECK(bench.done() == "feedbeef 0000000001 ");
  bench.says("\r\nOK\r\n");
  bench.pass(20ms);
  CHECK(bench.tally.messages.confirmed == 0);
  bench.says("\r\n+QMTPUBEX: 0,1,0\r\n");
  bench.pass(5ms);
  bench.says(comes);
  const auto& messages = bench.tally.messages;
  CHECK(messages.sent == 1);
  CHECK(messages.confirmed == 1);
  CHECK(messages.received == 1);
  CHECK(bench.tally.publish_times.max() == 30ms);
  CHECK(bench.tally.round_trip_times.max() == 35ms);
}

TEST_CASE("an echo that is still on is passed over") {
  HostBench bench;
  bench.connect();
  CHECK(bench.next_command() == "AT+QMTPUBEX=0,1,1,0,\"storm/7\",20\r");
  bench.says("AT+QMTPUBEX=0,1,1,0,\"storm/7\",20\r\r\n> ");
  CHECK(bench.done() == "feedbeef 0000000001 ");
  bench.says(std::string("feedbeef 0000000001 ") + accepted);
  CHECK(bench.tally.messages.confirmed == 1);
}

TEST_CASE("messages keep to the rate") {
  HostBench bench(plan_of(1, 250ms));
  bench.connect();
  int sent = 0;
  for (int ms = 0; ms < 10'000; ++ms) {
    bench.pass(1ms);
    const auto command = bench.done();
    if (command.empty()) continue;
    ++sent;
    CHECK(command == fmt::format("AT+QMTPUBEX=0,{},1,0,\"storm/7\",20\r", sent));
    bench.says("\r\n> ");
    bench.done();
    bench.says(fmt::format("\r\nOK\r\n\r\n+QMTPUBEX: 0,{},0\r\n", sent));
  }
  CHECK(sent == 40);
  CHECK(bench.tally.messages.skipped == 0);
}

TEST_CASE("without a rate nothing is sent") {
  HostBench bench(plan_of(1, 0s));
  bench.connect();
  CHECK_FALSE(bench.host.deadline());
}

TEST_CASE("what a busy module has no time for is skipped, not made up for") {
  HostBench bench(plan_of(1, 100ms));
  bench.connect();
  bench.type_message();
  bench.pass(1s);
  bench.says(accepted);
  CHECK(bench.done() == "AT+QMTPUBEX=0,2,1,0,\"storm/7\",20\r");
  CHECK(bench.tally.messages.skipped == 9);
  bench.says("\r\n> ");
  bench.done();
  bench.says("\r\nOK\r\n\r\n+QMTPUBEX: 0,2,0\r\n");
  CHECK(bench.done().empty());
}

TEST_CASE("five messages wait for their results, each finds its own, however late") {
  HostBench bench(plan_of(1, 100ms));
  bench.connect();
  for (int id = 1; id <= 5; ++id) {
    CHECK(bench.next_command() == fmt::format("AT+QMTPUBEX=0,{},1,0,\"storm/7\",20\r", id));
    bench.says("\r\n> ");
    bench.done();
    bench.says("\r\nOK\r\n");
  }
  bench.pass(1s);
  CHECK(bench.done().empty());
  bench.says("\r\n+QMTPUBEX: 0,3,1,1\r\n");  // sent once more
  CHECK(bench.tally.messages.resent == 1);
  CHECK(bench.done().empty());
  bench.says("\r\n+QMTPUBEX: 0,3,0\r\n");
  CHECK(bench.done() == "AT+QMTPUBEX=0,6,1,0,\"storm/7\",20\r");
  // The others come while the sixth is typed.
  bench.says("\r\n+QMTPUBEX: 0,1,0\r\n\r\n+QMTPUBEX: 0,2,2\r\n\r\n> ");
  CHECK(bench.done() == "feedbeef 0000000006 ");
  bench.says("\r\n+QMTPUBEX: 0,5,0\r\n\r\nOK\r\n");
  bench.says("\r\n+QMTPUBEX: 0,5,0\r\n\r\n+QMTPUBEX: 0,4,0\r\n");
  CHECK(bench.tally.messages.confirmed == 4);
  CHECK(bench.tally.messages.failed.given_up == 1);
}

TEST_CASE("messages of qos 0 have no id, and results in their order") {
  HostBench bench(plan_of(0, 1s));
  bench.connect();
  for (int i = 0; i < 2; ++i) {
    CHECK(bench.next_command() == "AT+QMTPUBEX=0,0,0,0,\"storm/7\",20\r");
    bench.says("\r\n> ");
    bench.done();
    bench.says("\r\nOK\r\n");
  }
  bench.says("\r\n+QMTPUBEX: 0,0,0\r\n\r\n+QMTPUBEX: 0,0,2\r\n");
  CHECK(bench.tally.messages.confirmed == 1);
  CHECK(bench.tally.messages.failed.given_up == 1);
}

TEST_CASE("a message that is refused has failed, and the next one is due") {
  HostBench bench;
  bench.connect();
  SECTION("without a prompt") { CHECK_FALSE(bench.next_command().empty()); }
  SECTION("behind its payload") { bench.type_message(); }
  bench.says("\r\nERROR\r\n");
  CHECK(bench.tally.messages.failed.refused == 1);
  CHECK(bench.next_command() == "AT+QMTPUBEX=0,2,1,0,\"storm/7\",20\r");
}

TEST_CASE("one ERROR after the other means that there is no link") {
  HostBench bench;
  bench.connect();
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(bench.next_command().empty());
    bench.says("\r\nERROR\r\n");
  }
  CHECK(bench.done() == "AT+QMTCLOSE=0\r");
  CHECK(bench.tally.connected() == 0);
  CHECK(bench.tally.messages.failed.all() == 5);
}

TEST_CASE("a result that never comes is given up") {
  HostBench bench(plan_of(1, 1h));
  bench.connect();
  bench.type_message();
  bench.says("\r\nOK\r\n");
  bench.pass(2min);
  CHECK(bench.tally.messages.failed.silent == 1);
  bench.says("\r\n+QMTPUBEX: 0,1,0\r\n");
  CHECK(bench.tally.messages.confirmed == 0);
}

TEST_CASE("an OK that was lost holds up the next message, as long as it may come") {
  HostBench bench;
  bench.connect();
  bench.type_message();
  bench.says("\r\n+QMTPUBEX: 0,1,0\r\n");
  bench.pass(14'999ms);
  CHECK(bench.done().empty());
  bench.pass(1ms);
  CHECK(bench.done() == "AT+QMTPUBEX=0,2,1,0,\"storm/7\",20\r");
  CHECK(bench.tally.messages.confirmed == 1);
  CHECK(bench.tally.troubles.silences == 0);
}

TEST_CASE("a message that comes twice, one of another run, and one that was changed") {
  HostBench bench;
  bench.connect();
  bench.type_message();
  bench.says(comes);  // before its own result
  bench.says(accepted);
  bench.says(comes);
  bench.says("\r\n+QMTRECV: 0,1,\"storm/7\",\"deadbeef 0000000001 \"\r\n");
  bench.says("\r\n+QMTRECV: 0,1,\"storm/8\",\"feedbeef 0000000001 \"\r\n");
  bench.says("\r\n+QMTRECV: 0,1,\"storm/7\",\"feedbeef 0000000001 x\"\r\n");
  bench.says("\r\n+QMTRECV: 0,1,\"storm/7\",\"feedbeef 0000000009 \"\r\n");
  const auto& messages = bench.tally.messages;
  CHECK(messages.received == 1);
  CHECK(messages.doubled == 1);
  CHECK(messages.foreign == 2);
  CHECK(messages.garbled == 1);
  CHECK(messages.late == 1);
}

TEST_CASE("a message with its length is the same message") {
  HostBench bench;
  bench.connect();
  bench.type_message();
  bench.says(accepted);
  bench.says("\r\n+QMTRECV: 0,1,\"storm/7\",20,\"feedbeef 0000000001 \"\r\n");
  CHECK(bench.tally.messages.received == 1);
}

TEST_CASE("a confirmed message that does not come is lost at the end, and holds up the end") {
  HostBench bench(plan_of(1, 1s));
  bench.connect();
  bench.type_message();
  bench.says(accepted);
  bench.host.finish(bench.now);
  bench.pass(4999ms);
  CHECK(bench.done().empty());
  bench.pass(1ms);
  CHECK(bench.done() == "AT+QMTDISC=0\r");
  bench.says("\r\nOK\r\n\r\n+QMTDISC: 0,0\r\n");
  CHECK(bench.done() == "[close]");
  CHECK(bench.host.is_done());
  CHECK(bench.tally.messages.unreceived == 1);
  CHECK(bench.tally.messages.lost_with_link == 0);
}

TEST_CASE("the end waits for messages on their way, and no longer") {
  HostBench bench;
  bench.connect();
  bench.type_message();
  bench.host.finish(bench.now);
  bench.says(accepted);
  CHECK(bench.done().empty());
  bench.says(comes);
  CHECK(bench.done() == "AT+QMTDISC=0\r");
  CHECK(bench.tally.messages.unreceived == 0);
}
