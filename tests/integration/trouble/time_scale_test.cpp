// --time-scale where it meets a real broker: the keep-alive on the wire is in real seconds, and
// everything that is timed comes at the scaled moment.
#include "tests/integration/trouble/trouble.hpp"
#include "tests/support/places.hpp"

using namespace support;
using namespace trouble;

namespace {

double seconds_between(const StoryBroker::Heard& first, const StoryBroker::Heard& second) {
  return std::chrono::duration<double>(second.at - first.at).count();
}

void set_keepalive(Session& session, int seconds) {
  session.host.command(fmt::format("AT+QMTCFG=\"keepalive\",0,{}", seconds));
  // The longest waits there are: short in real time at a high scale.
  session.host.command("AT+QMTCFG=\"timeout\",0,60,10,0");
  session.host.command("AT+QMTCFG=\"qmtping\",0,60");
}

}  // namespace

TEST_CASE("the keep-alive on the wire is scaled, rounded up, at least 1 s [CFG-keepalive]") {
  const auto [scale, set, wire] = GENERATE(table<std::string, int, int>({{"0.1", 1, 10},
                                                                         {"0.1", 120, 1200},
                                                                         {"0.1", 3600, 36000},
                                                                         {"1", 3600, 3600},
                                                                         {"50", 1, 1},
                                                                         {"50", 50, 1},
                                                                         {"50", 51, 2},
                                                                         {"50", 3600, 72},
                                                                         {"1000", 999, 1},
                                                                         {"1000", 3600, 4}}));
  CAPTURE(scale, set);
  StoryBroker broker;
  Session session(scaled(scale));
  set_keepalive(session, set);
  broker.expect(PacketType::connect).keepalive(wire).clean(true).withhold();
  session.open(0, broker.port());
  session.host.command("AT+QMTCONN=0,\"id\"");
  CHECK(broker.outcome() == StoryBroker::as_told);
}

TEST_CASE("PINGREQ comes at the scaled moment, again and again [TIME-4]") {
  const auto [scale, set] = GENERATE(table<std::string, int>({{"50", 40}, {"1000", 800}}));
  CAPTURE(scale);
  StoryBroker broker;
  Session session(scaled(scale));
  set_keepalive(session, set);
  meet(session, broker);
  for (int i = 0; i < 2; ++i) broker.expect(PacketType::pingreq).answer(pingresp());
  CHECK(broker.outcome() == StoryBroker::as_told);
  const auto heard = broker.heard();
  REQUIRE(heard.size() == 3);
  CHECK(seconds_between(heard[0], heard[1]) == Approx(0.8).margin(0.2));
  CHECK(seconds_between(heard[1], heard[2]) == Approx(0.8).margin(0.2));
}

TEST_CASE("what is sent puts PINGREQ off [TIME-5]") {
  StoryBroker broker;
  Session session(scaled("50"));
  set_keepalive(session, 30);
  meet(session, broker);
  for (int id = 1; id <= 3; ++id) {
    broker.delay(300ms);
    broker.expect(PacketType::publish).answer(puback());
    CHECK(session.host.quiet_for(300ms));
    publish(session, 0, id, 1);
    session.host.expect(fmt::format("\r\n+QMTPUBEX: 0,{},0\r\n", id));
  }
  broker.expect(PacketType::pingreq).answer(pingresp());
  CHECK(broker.outcome() == StoryBroker::as_told);
  const auto heard = broker.heard();
  REQUIRE(heard.size() == 5);
  CHECK(seconds_between(heard[3], heard[4]) == Approx(0.6).margin(0.15));
}

TEST_CASE("slow motion: no PINGREQ and no repetition before their time [TIME-1] [TIME-4]") {
  StoryBroker broker;
  Session session(scaled("0.1"));
  set_keepalive(session, 1);
  session.host.command("AT+QMTCFG=\"timeout\",0,1,3,1");
  meet(session, broker);
  broker.expect(PacketType::publish).withhold();
  publish(session, 0, 1, 1);
  broker.hear_nothing(1500ms);
  CHECK(session.host.quiet_for(1500ms));
  CHECK(broker.outcome() == StoryBroker::as_told);
}

TEST_CASE("scales that cannot be are refused") {
  const auto scale =
      GENERATE(as<std::string>{}, "0.05", "1001", "0", "-1", "nan", "inf", "fast", "", "1x");
  CAPTURE(scale);
  Program program({binary(), "--time-scale", scale});
  CHECK(program.end() == 2);
  CHECK(program.out().empty());
  CHECK(program.err().find("--time-scale") != std::string::npos);
}
