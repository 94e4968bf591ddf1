// Each code of +QMTSTAT by making the real thing happen at a real socket. Code 6 is in
// resend_test.cpp, what a network does in black_hole_test.cpp.
#include "tests/integration/trouble/trouble.hpp"

using namespace support;
using namespace trouble;

namespace {

void end_of(StoryBroker& broker, bool reset) {
  if (reset)
    broker.then_reset();
  else
    broker.then_close();
}

void start_connect(Session& session, StoryBroker& broker) {
  session.open(0, broker.port());
  session.host.command("AT+QMTCONN=0,\"id\"");
}

}  // namespace

TEST_CASE("1: the peer closes or resets [STAT-1] [OPEN-9] [CONN-6]") {
  const bool reset = GENERATE(false, true);
  CAPTURE(reset);
  StoryBroker broker;
  Session session(scaled("1"));
  SECTION("before CONNECT") {
    session.open(0, broker.port());
    broker.accept();
    end_of(broker, reset);
    session.host.expect("\r\n+QMTSTAT: 0,1\r\n");
  }
  SECTION("instead of CONNACK") {
    broker.expect(PacketType::connect).withhold();
    end_of(broker, reset);
    start_connect(session, broker);
    session.host.expect("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,1\r\n");
  }
  SECTION("connected") {
    meet(session, broker);
    end_of(broker, reset);
    session.host.expect("\r\n+QMTSTAT: 0,1\r\n");
  }
  SECTION("while answers are owed") {
    meet(session, broker);
    broker.expect(PacketType::publish).withhold();
    publish(session, 0, 1, 1);
    end_of(broker, reset);
    session.host.expect("\r\n+QMTSTAT: 0,1\r\n");
  }
  CHECK(broker.outcome() == StoryBroker::as_told);
  check_free(session);
}

TEST_CASE("1: half a packet, then the end [STAT-1]") {
  const bool reset = GENERATE(false, true);
  StoryBroker broker;
  Session session(scaled("1"));
  meet(session, broker);
  broker.expect(PacketType::publish).answer_part(puback(), 3);
  publish(session, 0, 1, 1);
  end_of(broker, reset);
  session.host.expect("\r\n+QMTSTAT: 0,1\r\n");
  check_free(session);
}

TEST_CASE("2: no PINGRESP [STAT-2..6] [TIME-4]") {
  StoryBroker broker;
  Session session(scaled("20"));
  session.host.command("AT+QMTCFG=\"keepalive\",0,10");
  SECTION("silence") {
    meet(session, broker);
    broker.expect(PacketType::pingreq).withhold();
  }
  SECTION("half a PINGRESP") {
    meet(session, broker);
    broker.expect(PacketType::pingreq).answer_part(pingresp(), 1);
  }
  broker.then_left();
  session.host.expect("\r\n+QMTPING: 0,1\r\n\r\n+QMTSTAT: 0,2\r\n");
  const auto heard = broker.heard();
  REQUIRE(heard.size() == 2);
  // The broker may take the PINGREQ in a little late.
  CHECK(ms_since(heard[1].at) >= 190);
  CHECK(broker.outcome() == StoryBroker::as_told);
  check_free(session);
}

TEST_CASE("4: no CONNACK; CONNECT goes out once [CONN-6] [STAT-2..6]") {
  StoryBroker broker;
  Session session(scaled("20"));
  session.host.command("AT+QMTCFG=\"timeout\",0,5,3,1");
  broker.expect(PacketType::connect).withhold();
  broker.then_left();
  const auto start = std::chrono::steady_clock::now();
  start_connect(session, broker);
  session.host.expect("\r\n+QMTCONN: 0,1,1\r\n");
  CHECK(ms_since(start) >= 249);
  session.host.expect("\r\n+QMTCONN: 0,1,2\r\n");
  session.host.expect("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,4\r\n");
  CHECK(ms_since(start) >= 749);
  CHECK(broker.outcome() == StoryBroker::as_told);
  check_free(session);
}

TEST_CASE("4: a CONNACK that refuses, whatever comes behind it [CONN-5] [STAT-2..6]") {
  StoryBroker broker;
  Session session(scaled("1"));
  SECTION("and FIN") {
    broker.expect(PacketType::connect).answer(connack(2));
    broker.then_close();
  }
  SECTION("and RST") {
    // In one write with the refusal the end could overtake it: RST drops what is unread.
    broker.expect(PacketType::connect).answer(connack(2)).delay(100ms);
    broker.then_reset();
  }
  SECTION("and another CONNACK") { broker.expect(PacketType::connect).answer(connack(2), 2); }
  SECTION("byte by byte") { broker.expect(PacketType::connect).answer_bytewise(connack(2)); }
  start_connect(session, broker);
  session.host.expect("\r\n+QMTCONN: 0,0,2\r\n\r\n+QMTSTAT: 0,4\r\n");
  CHECK(broker.outcome() == StoryBroker::as_told);
  check_free(session);
}

TEST_CASE("4: a CONNACK that makes no sense [CONN-6]") {
  StoryBroker broker;
  Session session(scaled("1"));
  SECTION("flags") { broker.expect(PacketType::connect).answer(wrong_flags(connack())); }
  SECTION("length") { broker.expect(PacketType::connect).answer(wrong_length(connack())); }
  SECTION("code") { broker.expect(PacketType::connect).answer(connack(6)); }
  SECTION("an answer to something else") { broker.expect(PacketType::connect).answer(pingresp()); }
  broker.then_left();
  start_connect(session, broker);
  session.host.expect("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,4\r\n");
  CHECK(broker.outcome() == StoryBroker::as_told);
  check_free(session);
}

TEST_CASE("5: the broker closes after DISCONNECT, by knob [DISC-2] [STAT-2..6]") {
  const bool on = GENERATE(false, true);
  StoryBroker broker;
  auto options = scaled("1");
  options.insert(options.end(), {"--knob", on ? "disc-stat=on" : "disc-stat=off"});
  Session session(options);
  meet(session, broker);
  broker.expect(PacketType::disconnect);
  broker.then_close();
  session.host.command("AT+QMTDISC=0");
  session.host.expect("\r\n+QMTDISC: 0,0\r\n");
  if (on) session.host.expect("\r\n+QMTSTAT: 0,5\r\n");
  CHECK(broker.outcome() == StoryBroker::as_told);
  CHECK(session.host.quiet_for(30ms));
  session.host.command("AT+QMTOPEN?");
}

TEST_CASE("7: the bearer is lost [STAT-7]") {
  StoryBroker broker;
  Session session(scaled("1"));
  SECTION("open") {
    session.open(0, broker.port());
    session.host.command("AT+CFUN=4");
    session.host.expect("\r\n+QMTSTAT: 0,7\r\n");
  }
  SECTION("connecting") {
    broker.expect(PacketType::connect).withhold();
    start_connect(session, broker);
    CHECK(broker.outcome() == StoryBroker::as_told);
    session.host.command("AT+CFUN=4");
    session.host.expect("\r\n+QMTCONN: 0,2\r\n\r\n+QMTSTAT: 0,7\r\n");
  }
  SECTION("connected, with an answer owed") {
    meet(session, broker);
    broker.expect(PacketType::publish).withhold();
    publish(session, 0, 1, 2);
    CHECK(broker.outcome() == StoryBroker::as_told);
    session.host.command("AT+CFUN=4");
    session.host.expect("\r\n+QMTSTAT: 0,7\r\n");
  }
  broker.then_left();
  CHECK(broker.outcome() == StoryBroker::as_told);
  session.host.command("AT+QMTOPEN?");
  session.host.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", broker.port()));
  session.host.expect("\r\n+QMTOPEN: 0,3\r\n");
  session.host.command("AT+CFUN=1");
  check_free(session);
}

TEST_CASE("8: the broker breaks the protocol [STAT-8]") {
  StoryBroker broker;
  Session session(scaled("1"));
  meet(session, broker);
  SECTION("flags") { broker.expect(PacketType::publish).answer(wrong_flags(puback())); }
  SECTION("length") { broker.expect(PacketType::publish).answer(wrong_length(puback())); }
  SECTION("five bytes of length") {
    broker.expect(PacketType::publish);
    broker.say({0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01});
  }
  SECTION("over-long: refused before any of it comes") {
    broker.expect(PacketType::publish);
    broker.say({0x30, 0x81, 0x80, 0x10});
  }
  broker.then_left();
  publish(session, 0, 9, 1);
  session.host.expect("\r\n+QMTSTAT: 0,8\r\n");
  CHECK(broker.outcome() == StoryBroker::as_told);
  check_free(session);
}
