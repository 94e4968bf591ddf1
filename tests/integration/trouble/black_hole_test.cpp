// Networks that swallow what they get: on loopback by a full backlog, else in network namespaces of
// the test's own, where the machine allows that.
#include "tests/support/black_hole.hpp"

#include "tests/integration/trouble/trouble.hpp"
#include "tests/support/skip.hpp"

#include <optional>

using namespace support;
using namespace trouble;

namespace {

/// A modem on one side, a broker on the other; nothing at all where that cannot be had.
struct Far {
  explicit Far(const std::string& scale) {
    if (const auto reason = BlackHole::why_not(); !reason.empty()) {
      skip(reason);
      return;
    }
    hole.emplace();
    hole->at_far([this] { broker.emplace(BlackHole::far_address); });
    hole->at_modem([&] { session.emplace(scaled(scale)); });
  }

  void open(const std::string& address, const std::string& result, int client = 0) {
    session->host.command(fmt::format("AT+QMTOPEN={},\"{}\",{}", client, address, broker->port()));
    session->host.expect(fmt::format("\r\n+QMTOPEN: {},{}\r\n", client, result));
  }

  void connect() {
    broker->expect(PacketType::connect).answer(connack());
    open(BlackHole::far_address, "0");
    session->host.command("AT+QMTCONN=0,\"id\"");
    session->host.expect("\r\n+QMTCONN: 0,0,0\r\n");
    CHECK(broker->outcome() == StoryBroker::as_told);
  }

  /// The index is free, and once the network is back it works again.
  void check_usable() {
    CHECK(session->host.quiet_for(30ms));
    session->host.command("AT+QMTOPEN?");
    hole->swallow(false);
    broker.reset();
    hole->at_far([this] { broker.emplace(BlackHole::far_address); });
    connect();
  }

  std::optional<BlackHole> hole;
  std::optional<StoryBroker> broker;
  std::optional<Session> session;
};

}  // namespace

TEST_CASE("a SYN that nobody answers: 120 s, no less and no more [OPEN-4] [OPEN-6]") {
  SECTION("full backlog") {
    StoryBroker broker("127.0.0.1", StoryBroker::Listening::full_backlog);
    Session session(scaled("100"));
    const auto start = std::chrono::steady_clock::now();
    session.host.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", broker.port()));
    session.host.expect("\r\n+QMTOPEN: 0,-1\r\n");
    const auto took = ms_since(start);
    CHECK(took >= 1199);
    CHECK(took <= 1200 + slowed(150));
    check_free(session);
  }
  SECTION("dropped by the network") {
    Far far("100");
    if (!far.hole) return;
    const auto start = std::chrono::steady_clock::now();
    far.open(BlackHole::nobody, "-1");
    const auto took = ms_since(start);
    CHECK(took >= 1199);
    CHECK(took <= 1200 + slowed(150));
    far.connect();
  }
}

TEST_CASE("QMTCLOSE ends an open that hangs [CLOSE-2]") {
  StoryBroker broker("127.0.0.1", StoryBroker::Listening::full_backlog);
  Session session(scaled("1"));
  session.host.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", broker.port()));
  CHECK(session.host.quiet_for(100ms));
  session.host.command("AT+QMTCLOSE=0");
  session.host.expect("\r\n+QMTCLOSE: 0,0\r\n");
  check_free(session);
}

TEST_CASE("a broker that accepts late [OPEN-4]") {
  StoryBroker broker("127.0.0.1", StoryBroker::Listening::full_backlog);
  Session session(scaled("20"));
  session.host.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", broker.port()));
  broker.expect(PacketType::connect).answer(connack());
  // The kernel repeats a SYN after a second.
  session.host.expect("\r\n+QMTOPEN: 0,0\r\n", 3s);
  session.host.command("AT+QMTCONN=0,\"id\"");
  session.host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  CHECK(broker.outcome() == StoryBroker::as_told);
}

TEST_CASE("2: the network swallows everything after CONNECT [STAT-2..6] [TIME-4]") {
  Far far("20");
  if (!far.hole) return;
  far.session->host.command("AT+QMTCFG=\"keepalive\",0,10");
  far.connect();
  far.hole->swallow(true);
  const auto start = far.broker->heard().at(0).at;
  far.session->host.expect("\r\n+QMTPING: 0,1\r\n\r\n+QMTSTAT: 0,2\r\n");
  const auto took = ms_since(start);
  CHECK(took >= 650);
  CHECK(took <= 750 + slowed(250));
  far.check_usable();
}

TEST_CASE("6: the network swallows a publish [STAT-2..6] [TIME-3]") {
  Far far("20");
  if (!far.hole) return;
  far.connect();
  far.hole->swallow(true);
  publish(*far.session, 0, 1, 1);
  far.session->host.expect("\r\n+QMTPUBEX: 0,1,2\r\n\r\n+QMTSTAT: 0,6\r\n");
  far.check_usable();
}

TEST_CASE("7: TCP gives up before the modem does [STAT-7]") {
  Far far("1");
  if (!far.hole) return;
  far.hole->give_up_soon();
  far.connect();
  far.hole->swallow(true);
  publish(*far.session, 0, 1, 1);
  far.session->host.expect("\r\n+QMTSTAT: 0,7\r\n", 3s);
  far.check_usable();
}

TEST_CASE("3: CONNECT never arrives [CONN-6] [STAT-2..6]") {
  Far far("20");
  if (!far.hole) return;
  far.open(BlackHole::far_address, "0");
  far.hole->swallow(true);
  far.session->host.command("AT+QMTCONN=0,\"id\"");
  far.session->host.expect("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,3\r\n");
  far.check_usable();
}

TEST_CASE("1: a half-open link: the broker forgot it while the network was away [STAT-1]") {
  Far far("1");
  if (!far.hole) return;
  far.connect();
  far.hole->swallow(true);
  far.broker->then_reset();
  CHECK(far.broker->outcome() == StoryBroker::as_told);
  CHECK(far.session->host.quiet_for(200ms));
  far.session->host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
  far.hole->swallow(false);
  publish(*far.session, 0, 1, 1);
  far.session->host.expect("\r\n+QMTSTAT: 0,1\r\n");
  far.session->host.command("AT+QMTOPEN?");
}
