// A good broker behind a bad network.
#include "tests/support/flaky_relay.hpp"

#include "tests/integration/trouble/trouble.hpp"
#include "tests/support/mqtt_tools.hpp"

#include <set>

using namespace support;
using namespace trouble;

namespace {

FlakyRelay::Plan bytewise() {
  FlakyRelay::Plan plan;
  plan.piece = 1;
  return plan;
}

FlakyRelay::Plan cut(std::optional<std::size_t> up, std::optional<std::size_t> down, bool reset) {
  FlakyRelay::Plan plan;
  plan.cut_up = up;
  plan.cut_down = down;
  plan.reset = reset;
  return plan;
}

// On the wire of version 3 with client id "id".
constexpr std::size_t connect_size = 18;
constexpr std::size_t connack_size = 4;
constexpr std::size_t puback_size = 4;

}  // namespace

TEST_CASE("one byte at a time [OPEN-3] [CONN-3] [SUB-2] [PUB-2] [RECV-8]") {
  Mosquitto broker;
  FlakyRelay relay(broker.port(), bytewise());
  Subscriber witness(broker.port(), "t");
  Session session(scaled("1"));
  auto& host = session.host;
  session.connect(0, relay.port(), "id");
  host.command("AT+QMTSUB=0,1,\"back\",2");
  host.expect("\r\n+QMTSUB: 0,1,0,2\r\n");
  for (const int qos : {1, 2}) {
    publish(session, 0, 10 + qos, qos);
    host.expect(fmt::format("\r\n+QMTPUBEX: 0,{},0\r\n", 10 + qos));
    CHECK(witness.heard("t", qos, false, "hi"));
  }
  support::publish(broker.port(), "back", "one", 1);
  host.expect("\r\n+QMTRECV: 0,1,\"back\",\"one\"\r\n");
  support::publish(broker.port(), "back", "two", 2);
  host.expect("\r\n+QMTRECV: 0,2,\"back\",\"two\"\r\n");
  host.command("AT+QMTDISC=0");
  host.expect("\r\n+QMTDISC: 0,0\r\n");
  CHECK(relay.links() == 1);
}

TEST_CASE("every write is late [TIME-1]") {
  Mosquitto broker;
  FlakyRelay::Plan slow;
  slow.delay = 40ms;
  FlakyRelay relay(broker.port(), slow);
  Session session(scaled("1"));
  session.connect(0, relay.port(), "id");
  const auto start = std::chrono::steady_clock::now();
  publish(session, 0, 1, 2);
  session.host.expect("\r\n+QMTPUBEX: 0,1,0\r\n");
  CHECK(ms_since(start) >= 160);
}

TEST_CASE("the network stalls while an answer is on its way [TIME-1] [TIME-2]") {
  const int qos = GENERATE(1, 2);
  Mosquitto broker;
  FlakyRelay relay(broker.port(), {});
  Session session(scaled("20"));
  session.host.command("AT+QMTCFG=\"timeout\",0,5,4,1");
  session.host.command("AT+QMTCFG=\"version\",0,4");
  session.connect(0, relay.port(), "id");
  relay.stall_down(true);
  publish(session, 0, 7, qos);
  session.host.expect("\r\n+QMTPUBEX: 0,7,1,1\r\n");
  // Mosquitto 2.0.11 takes a third qos 2 PUBLISH of one id for a violation and closes.
  if (qos == 1) session.host.expect("\r\n+QMTPUBEX: 0,7,1,2\r\n");
  relay.stall_down(false);
  session.host.expect("\r\n+QMTPUBEX: 0,7,0\r\n");
  // Answers to the repetitions were kept by the network too.
  CHECK(session.host.quiet_for(600ms));
  session.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
}

TEST_CASE("cut in the middle of a packet [STAT-1]") {
  const bool reset = GENERATE(false, true);
  CAPTURE(reset);
  Mosquitto broker;
  FlakyRelay relay(broker.port(), {});
  Session session(scaled("1"));
  SECTION("of PUBLISH") {
    relay.plan_next(cut(connect_size + 5, {}, reset));
    session.connect(0, relay.port(), "id");
    publish(session, 0, 1, 1);
    session.host.expect("\r\n+QMTSTAT: 0,1\r\n");
  }
  SECTION("of PUBACK") {
    relay.plan_next(cut({}, connack_size + 2, reset));
    session.connect(0, relay.port(), "id");
    publish(session, 0, 1, 1);
    session.host.expect("\r\n+QMTSTAT: 0,1\r\n");
  }
  SECTION("of CONNACK") {
    relay.plan_next(cut({}, 2, reset));
    session.open(0, relay.port());
    session.host.command("AT+QMTCONN=0,\"id\"");
    session.host.expect("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,1\r\n");
  }
  check_free(session);
}

TEST_CASE("two hundred messages, a cut after each twenty, none lost [PUB-2] [STAT-1]") {
  constexpr int count = 200;
  constexpr std::size_t publish_size = 12;
  Mosquitto broker;
  Subscriber witness(broker.port(), "t", 1);
  FlakyRelay relay(broker.port(), {});
  Session session(scaled("1"));
  auto& host = session.host;
  // By turns the message is cut, so that it is lost, and its answer, so that it comes twice.
  for (int i = 0; i < count / 20; ++i)
    relay.plan_next(i % 2 == 0 ? cut(connect_size + 20 * publish_size + 6, {}, i % 4 == 0)
                               : cut({}, connack_size + 20 * puback_size + 2, i % 4 == 1));
  int cuts = 0;
  std::size_t sent = 0;
  session.connect(0, relay.port(), "id");
  for (int n = 1; n <= count;) {
    host.send(fmt::format("AT+QMTPUBEX=0,{0},1,0,\"t\",5\r{0:05}", n));
    host.expect("\r\n> \r\nOK\r\n");
    ++sent;
    std::string result = host.read_until("\r\n+QMT");
    result += host.read_until("\r\n");
    if (result == fmt::format("\r\n+QMTPUBEX: 0,{},0\r\n", n)) {
      ++n;
      continue;
    }
    REQUIRE(result == "\r\n+QMTSTAT: 0,1\r\n");
    ++cuts;
    session.connect(0, relay.port(), "id");
  }
  CHECK(cuts >= 9);
  std::set<std::string> distinct;
  for (std::size_t i = count; i <= sent && distinct.size() < count; ++i) {
    const auto payloads = witness.payloads("t", i);
    distinct = {payloads.begin(), payloads.end()};
  }
  CHECK(distinct.size() == count);
}
