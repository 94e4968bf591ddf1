// Answers that do not come, come late, twice, in the wrong order or for somebody else: what is sent
// again, when, and with which flags; +QMTSTAT 6 at the end.
#include "tests/integration/trouble/trouble.hpp"

#include <cmath>
#include <functional>

using namespace support;
using namespace trouble;

namespace {

// pkt_timeout 5 s at --time-scale 20.
constexpr double wait_ms = 250;
constexpr double tolerance_ms = wait_ms / 4;

struct Owed {
  std::string name;
  /// Types the command up to its OK, with msgID 7.
  std::function<void(Session&)> ask;
  PacketType first;
  /// What is answered before silence, and what then waits for an answer.
  Reply half;
  PacketType repeated;
};

void subscribe(Session& session) { session.host.command("AT+QMTSUB=0,7,\"t\",1"); }
void unsubscribe(Session& session) { session.host.command("AT+QMTUNS=0,7,\"t\""); }

std::vector<Owed> owed() {
  const auto publisher = [](int qos) {
    return [qos](Session& session) { publish(session, 0, 7, qos); };
  };
  return {{"+QMTSUB", subscribe, PacketType::subscribe, {}, PacketType::subscribe},
          {"+QMTUNS", unsubscribe, PacketType::unsubscribe, {}, PacketType::unsubscribe},
          {"+QMTPUBEX", publisher(1), PacketType::publish, {}, PacketType::publish},
          {"+QMTPUBEX", publisher(2), PacketType::publish, {}, PacketType::publish},
          {"+QMTPUBEX", publisher(2), PacketType::publish, pubrec(), PacketType::pubrel}};
}

void check_times(const std::vector<StoryBroker::Heard>& heard, PacketType type) {
  std::vector<StoryBroker::Clock::time_point> times;
  for (const auto& packet : heard)
    if (mqtt_backend::type_of(packet.packet) == type) times.push_back(packet.at);
  for (std::size_t n = 1; n < times.size(); ++n) {
    const std::chrono::duration<double, std::milli> after = times[n] - times[0];
    CAPTURE(n, after.count());
    CHECK(std::abs(after.count() - static_cast<double>(n) * wait_ms) <= tolerance_ms);
  }
}

void set(Session& session, int version, const std::string& timeout) {
  session.host.command(fmt::format("AT+QMTCFG=\"version\",0,{}", version));
  session.host.command("AT+QMTCFG=\"timeout\",0," + timeout);
}

}  // namespace

TEST_CASE("6: an answer that never comes [TIME-1] [TIME-2] [TIME-3] [PUB-9] [SUB-5] [UNS-3]") {
  const int version = GENERATE(3, 4);
  const auto what = GENERATE(from_range(owed()));
  CAPTURE(version, what.name, mqtt_backend::name_of(what.repeated));
  StoryBroker broker;
  Session session(scaled("20"));
  set(session, version, "5,3,1");
  broker.expect(PacketType::connect).version(version).answer(connack());
  session.connect(0, broker.port(), "id");
  const bool dup = what.repeated == PacketType::publish || version == 3;
  if (what.half) {
    broker.expect(what.first).id(7).without_dup().answer(what.half);
  }
  broker.expect(what.repeated).id(7).without_dup().withhold();
  for (int n = 1; n <= 2; ++n) {
    if (dup)
      broker.expect(what.repeated).id(7).with_dup().withhold();
    else
      broker.expect(what.repeated).id(7).without_dup().withhold();
  }
  broker.then_left();
  what.ask(session);
  for (int n = 1; n <= 2; ++n)
    session.host.expect(fmt::format("\r\n{}: 0,7,1,{}\r\n", what.name, n));
  session.host.expect(fmt::format("\r\n{}: 0,7,2\r\n\r\n+QMTSTAT: 0,6\r\n", what.name));
  CHECK(broker.outcome() == StoryBroker::as_told);
  check_times(broker.heard(), what.repeated);
  check_free(session);
}

TEST_CASE("retry_times is the number of waits [TIME-1]") {
  const auto [timeout, sent] =
      GENERATE(table<std::string, int>({{"5,0,0", 1}, {"5,1,0", 1}, {"5,2,0", 2}, {"3,10,0", 10}}));
  StoryBroker broker;
  Session session(scaled("20"));
  set(session, 4, timeout);
  meet(session, broker);
  for (int n = 0; n < sent; ++n) broker.expect(PacketType::publish).id(3);
  broker.then_left();
  publish(session, 0, 3, 1);
  session.host.expect("\r\n+QMTPUBEX: 0,3,2\r\n\r\n+QMTSTAT: 0,6\r\n");
  CHECK(broker.outcome() == StoryBroker::as_told);
}

TEST_CASE("an answer to a repetition is an answer [TIME-2]") {
  StoryBroker broker;
  Session session(scaled("20"));
  set(session, 4, "5,3,1");
  meet(session, broker);
  auto& host = session.host;
  SECTION("PUBACK") {
    broker.expect(PacketType::publish).qos(1).topic("t").payload("hi").without_dup().withhold();
    broker.expect(PacketType::publish).qos(1).topic("t").payload("hi").with_dup().answer(puback());
    publish(session, 0, 7, 1);
    host.expect("\r\n+QMTPUBEX: 0,7,1,1\r\n\r\n+QMTPUBEX: 0,7,0\r\n");
  }
  SECTION("both halves of qos 2; PUBREL has its own waits") {
    broker.expect(PacketType::publish).without_dup().withhold();
    broker.expect(PacketType::publish).with_dup().answer(pubrec());
    broker.expect(PacketType::pubrel).withhold();
    broker.expect(PacketType::pubrel).withhold();
    broker.expect(PacketType::pubrel).answer(pubcomp());
    publish(session, 0, 7, 2);
    host.expect("\r\n+QMTPUBEX: 0,7,1,1\r\n\r\n+QMTPUBEX: 0,7,1,1\r\n");
    host.expect("\r\n+QMTPUBEX: 0,7,1,2\r\n\r\n+QMTPUBEX: 0,7,0\r\n");
  }
  SECTION("a half, and the rest when asked again") {
    broker.expect(PacketType::subscribe).answer_part(suback({1}), 2);
    broker.expect(PacketType::subscribe).answer_rest();
    subscribe(session);
    host.expect("\r\n+QMTSUB: 0,7,1,1\r\n\r\n+QMTSUB: 0,7,0,1\r\n");
  }
  CHECK(broker.outcome() == StoryBroker::as_told);
  CHECK(host.quiet_for(300ms));
  host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
}

TEST_CASE("answers in pieces, many times, to others, in another order [PUB-2] [SUB-2]") {
  StoryBroker broker;
  Session session(scaled("20"));
  set(session, 4, "5,3,1");
  meet(session, broker);
  auto& host = session.host;
  SECTION("three of each") {
    broker.expect(PacketType::publish).answer(pubrec(), 3);
    broker.expect(PacketType::pubrel).answer(pubcomp(), 3);
    publish(session, 0, 1, 2);
    host.expect("\r\n+QMTPUBEX: 0,1,0\r\n");
    broker.expect(PacketType::publish).answer(puback(), 3);
    publish(session, 0, 2, 1);
    host.expect("\r\n+QMTPUBEX: 0,2,0\r\n");
    broker.expect(PacketType::subscribe).answer(suback({0}), 3);
    subscribe(session);
    host.expect("\r\n+QMTSUB: 0,7,0,0\r\n");
    broker.expect(PacketType::unsubscribe).answer(unsuback(), 3);
    unsubscribe(session);
    host.expect("\r\n+QMTUNS: 0,7,0,1\r\n");
  }
  SECTION("byte by byte") {
    broker.expect(PacketType::publish).answer_bytewise(pubrec());
    broker.expect(PacketType::pubrel).answer_bytewise(pubcomp());
    publish(session, 0, 1, 2);
    host.expect("\r\n+QMTPUBEX: 0,1,0\r\n");
    broker.expect(PacketType::subscribe).answer_bytewise(suback({2}));
    subscribe(session);
    host.expect("\r\n+QMTSUB: 0,7,0,2\r\n");
  }
  SECTION("a wrong id answers nothing") {
    broker.expect(PacketType::publish).answer(wrong_id(puback()));
    broker.expect(PacketType::publish).with_dup().answer(wrong_id(puback())).answer(puback());
    publish(session, 0, 1, 1);
    host.expect("\r\n+QMTPUBEX: 0,1,1,1\r\n\r\n+QMTPUBEX: 0,1,0\r\n");
  }
  SECTION("the wrong kind answers nothing") {
    broker.expect(PacketType::publish).answer(pubcomp()).answer(pubrec()).answer(unsuback());
    broker.expect(PacketType::publish).with_dup().answer(puback());
    publish(session, 0, 1, 1);
    host.expect("\r\n+QMTPUBEX: 0,1,1,1\r\n\r\n+QMTPUBEX: 0,1,0\r\n");
  }
  SECTION("the second before the first") {
    broker.expect(PacketType::publish).id(1).keep();
    broker.expect(PacketType::publish).id(2).answer(puback()).answer_kept(puback());
    publish(session, 0, 1, 1);
    publish(session, 0, 2, 1);
    host.expect("\r\n+QMTPUBEX: 0,2,0\r\n\r\n+QMTPUBEX: 0,1,0\r\n");
  }
  CHECK(broker.outcome() == StoryBroker::as_told);
  CHECK(host.quiet_for(30ms));
  host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
}
