// What ends a connection, in the middle of whatever is going on, and the end of a run.
#include "tests/unit/storm/host_bench.hpp"

#include <algorithm>
#include <vector>

using namespace storm_test;

namespace {

constexpr auto link_lost = "\r\n+QMTSTAT: 0,1\r\n";

/// The modem that does everything well; its answers come in two pieces, cut at a byte.
class GoodModem {
 public:
  GoodModem(HostBench& bench, std::size_t cut) : bench_(bench), cut_(cut) {}

  void answer_all() {
    while (!bench_.port.done.empty()) {
      input_ += bench_.done();
      std::string reply;
      for (auto next = answer(); !next.empty(); next = answer()) reply += next;
      const auto cut = std::min(cut_, reply.size());
      bench_.says(std::string_view(reply).substr(0, cut));
      bench_.says(std::string_view(reply).substr(cut));
    }
  }

 private:
  /// To the first command or payload of the input; nothing while it is not complete.
  std::string answer() {
    if (payload_ > 0) {
      if (input_.size() < payload_) return {};
      const auto payload = input_.substr(0, std::exchange(payload_, 0));
      input_.erase(0, payload.size());
      const auto id = std::to_string(++id_);
      return "\r\nOK\r\n\r\n+QMTPUBEX: 0," + id + ",0\r\n\r\n+QMTRECV: 0," + id +
             ",\"storm/7\",\"" + payload + "\"\r\n";
    }
    const auto end = input_.find('\r');
    if (end == std::string::npos) return {};
    const auto line = input_.substr(0, end);
    input_.erase(0, end + 1);
    const auto is = [&](const char* name) { return line.rfind(name, 0) == 0; };
    if (is("ATE0")) return "ATE0\r\r\nOK\r\n";
    if (is("AT+QMTOPEN")) return "\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n";
    if (is("AT+QMTCONN")) return "\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n";
    if (is("AT+QMTSUB")) return "\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n";
    if (is("AT+QMTDISC")) return "\r\nOK\r\n\r\n+QMTDISC: 0,0\r\n";
    payload_ = bench_.plan.payload;
    return "\r\n> ";
  }

  HostBench& bench_;
  std::size_t cut_;
  std::string input_;
  std::size_t payload_ = 0;
  int id_ = 0;
};

/// Whatever comes now.
void stays_done(HostBench& bench) {
  CHECK(bench.host.is_done());
  CHECK_FALSE(bench.host.deadline());
  bench.says("\r\nOK\r\n");
  bench.host.port_closed(bench.now);
  bench.host.finish(bench.now);
  bench.host.tick(bench.now);
  CHECK(bench.host.is_done());
}

}  // namespace

TEST_CASE("a session is the same wherever its bytes are cut") {
  const auto cut = GENERATE(range(std::size_t{0}, std::size_t{80}));
  HostBench bench;
  GoodModem modem(bench, cut);
  bench.open_port();
  for (int ms = 0; ms < 5000; ++ms) {
    modem.answer_all();
    bench.pass(1ms);
  }
  bench.host.finish(bench.now);
  CHECK(bench.port.done == "AT+QMTDISC=0\r");
  bench.done();
  bench.says("\r\nOK\r\n\r\n+QMTDISC: 0,0\r\n");
  CHECK(bench.host.is_done());
  CHECK(bench.tally.messages.sent == 5);
  CHECK(bench.tally.messages.confirmed == 5);
  CHECK(bench.tally.messages.received == 5);
  CHECK(bench.tally.messages.unreceived == 0);
}

TEST_CASE("a link that is lost while nothing is typed") {
  HostBench bench;
  bench.connect();
  bench.type_message();
  bench.says("\r\nOK\r\n");
  bench.says(link_lost);
  CHECK(bench.tally.messages.failed.cut == 1);
  CHECK(bench.tally.troubles.status[1] == 1);
  CHECK(bench.tally.connected() == 0);
  CHECK(bench.tally.outages().count() == 1);
  bench.pass(1s);
  bench.open_link();
  CHECK(bench.done() == bench.subscription());
  bench.says("\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n");
  CHECK(bench.tally.outages().list().front().all);
  CHECK(bench.next_command() == "AT+QMTPUBEX=0,2,1,0,\"storm/7\",20\r");
}

TEST_CASE("a link that is lost while a message is typed: its reply is waited for") {
  HostBench bench;
  bench.connect();
  SECTION("before the prompt") {
    CHECK_FALSE(bench.next_command().empty());
    bench.says(link_lost);
    CHECK(bench.done().empty());
    SECTION("which does not come") { bench.says("\r\nERROR\r\n"); }
    SECTION("which comes all the same") {
      bench.says("\r\n> ");
      CHECK(bench.done() == "feedbeef 0000000001 ");
      bench.says("\r\nERROR\r\n");
    }
    CHECK(bench.tally.messages.failed.refused == 1);
  }
  SECTION("behind the payload") {
    bench.type_message();
    bench.says(link_lost);
    CHECK(bench.host.is_connected());
    SECTION("which is refused") {
      bench.says("\r\nERROR\r\n");
      CHECK(bench.tally.messages.failed.refused == 1);
    }
    SECTION("which was taken") {
      bench.says("\r\nOK\r\n");
      CHECK(bench.tally.messages.failed.cut == 1);
    }
  }
  CHECK(bench.tally.messages.failed.all() == 1);
  CHECK(bench.tally.connected() == 0);
  bench.pass(1s);
  CHECK(bench.done() == "AT+QMTOPEN=0,\"host\",1883\r");
}

TEST_CASE("a module that says nothing to a message loses its port") {
  HostBench bench;
  bench.connect();
  CHECK_FALSE(bench.next_command().empty());
  bench.pass(15s);
  CHECK(bench.done() == "[close]");
  CHECK(bench.tally.troubles.silences == 1);
  CHECK(bench.tally.messages.failed.cut == 1);
  CHECK(bench.tally.connected() == 0);
}

TEST_CASE("a message that was confirmed when the link went is lost with it") {
  const bool kept = GENERATE(false, true);
  HostBench bench;
  bench.plan.keep_session = kept;
  bench.wake();
  if (kept) {
    bench.done();
    bench.says("\r\nOK\r\n");
  }
  bench.open_link();
  bench.done();
  bench.says("\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n");
  bench.type_message();
  bench.says("\r\nOK\r\n\r\n+QMTPUBEX: 0,1,0\r\n");
  bench.says(link_lost);
  if (kept) {
    // The broker delivers it when the client is back, even before it subscribes.
    bench.pass(1s);
    bench.open_link();
    bench.says("\r\n+QMTRECV: 0,1,\"storm/7\",\"feedbeef 0000000001 \"\r\n");
  }
  bench.host.abandon();
  CHECK(bench.tally.messages.unreceived == (kept ? 0 : 1));
  CHECK(bench.tally.messages.lost_with_link == (kept ? 0 : 1));
}

TEST_CASE("a module that starts anew is woken anew") {
  HostBench bench;
  bench.connect();
  bench.type_message();
  bench.says("\r\nRDY\r\n");
  CHECK(bench.done() == "ATE0\r");
  CHECK(bench.tally.troubles.restarts == 1);
  CHECK(bench.tally.messages.failed.cut == 1);
  CHECK(bench.tally.connected() == 0);
  bench.says("ATE0\r\r\nOK\r\n");
  bench.open_link();
}

TEST_CASE("the end of a run before there is a connection") {
  HostBench bench;
  SECTION("before its start") {
    bench.host.finish(bench.now);
    CHECK(bench.done() == "[close]");
  }
  SECTION("while it wakes the module") {
    bench.open_port();
    bench.done();
    bench.host.finish(bench.now);
    CHECK(bench.done() == "[close]");
  }
  SECTION("while the link opens: it is closed") {
    bench.wake();
    bench.done();
    bench.host.finish(bench.now);
    CHECK(bench.done().empty());
    bench.says("\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
    CHECK(bench.done() == "AT+QMTCLOSE=0\r");
    bench.says("\r\nOK\r\n\r\n+QMTCLOSE: 0,0\r\n");
    CHECK(bench.done() == "[close]");
  }
  SECTION("while the link does not open") {
    bench.wake();
    bench.says("\r\nOK\r\n");
    bench.done();
    bench.host.finish(bench.now);
    bench.pass(5s);
    CHECK(bench.done() == "AT+QMTCLOSE=0\r");
    bench.says("\r\nERROR\r\n");
    CHECK(bench.done() == "[close]");
  }
  stays_done(bench);
}

TEST_CASE("the end of a run while there is a connection") {
  HostBench bench;
  SECTION("which does not end well") {
    bench.connect();
    bench.host.finish(bench.now);
    CHECK(bench.done() == "AT+QMTDISC=0\r");
    bench.says("\r\nOK\r\n\r\n+QMTDISC: 0,-1\r\n");
    CHECK(bench.done() == "AT+QMTCLOSE=0\r");
    bench.says("\r\nERROR\r\n");
    CHECK(bench.done() == "[close]");
  }
  SECTION("while the link is lost as it disconnects") {
    bench.connect();
    bench.host.finish(bench.now);
    bench.says(std::string("\r\nOK\r\n") + link_lost);
    bench.done();
    bench.says("\r\nERROR\r\n");
    CHECK(bench.done() == "[close]");
  }
  SECTION("while a module is silent: the prompt never comes") {
    bench.connect();
    CHECK_FALSE(bench.next_command().empty());
    bench.host.finish(bench.now);
    bench.pass(15s);
    CHECK(bench.done().find("[close]") != std::string::npos);
  }
  SECTION("at once") {
    bench.connect();
    bench.host.abandon();
    CHECK(bench.done() == "[close]");
  }
  stays_done(bench);
}
