// Brokers that break the rules on purpose, while another client goes on at a good one: nothing but
// the documented URC reaches the host, and the other client does not notice.
#include "conformance/transcript/escape.hpp"
#include "tests/integration/trouble/trouble.hpp"
#include "tests/support/mqtt_tools.hpp"

using namespace support;
using namespace trouble;

namespace {

constexpr std::size_t packet_cap = 256 * 1024;

using Packet = mqtt_backend::Packet;

struct Attack {
  std::string name;
  Packet bytes;
  bool fatal;
};

/// A PUBLISH with qos 0 to "t" of `size` bytes in all, fixed header included.
Packet publish_of(std::size_t size) {
  constexpr std::size_t headers = 4 + 3;
  return publish_packet("t", std::string(size - headers, 'x'), 0, 0);
}

std::vector<Attack> attacks() {
  return {{"over the cap, header only", {0x30, 0x80, 0x80, 0x10}, true},
          {"over the cap, all of it", publish_of(packet_cap + 1), true},
          {"longest length there is", {0x30, 0xFF, 0xFF, 0xFF, 0x7F}, true},
          {"length of five bytes", {0x30, 0x80, 0x80, 0x80, 0x80, 0x01}, true},
          {"wildcard #", publish_packet("a/#", "x", 0, 0), true},
          {"wildcard +", publish_packet("+/a", "x", 1, 4), true},
          {"empty topic", publish_packet("", "x", 0, 0), true},
          {"qos 1 with id 0", publish_packet("t", "x", 1, 0), true},
          {"qos 2 with id 0", publish_packet("t", "x", 2, 0), true},
          {"qos 3", publish_packet("t", "x", 3, 1), true},
          {"no room for the id", {0x32, 3, 0, 1, 't'}, true},
          {"CONNACK twice", {0x20, 2, 0, 0}, true},
          {"CONNECT", {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 0}, true},
          {"PINGREQ", {0xC0, 0}, true},
          {"DISCONNECT", {0xE0, 0}, true},
          {"type 0", {0x00, 0}, true},
          {"type 15", {0xF0, 0}, true},
          {"PINGRESP with a body", {0xD0, 1, 0}, true},
          {"SUBACK with no code", {0x90, 2, 0, 1}, true},
          {"SUBACK with code 3", {0x90, 3, 0, 1, 3}, true},
          {"PUBACK to nothing", {0x40, 2, 0, 77}, false},
          {"PUBREC to nothing", {0x50, 2, 0, 77}, false},
          {"PUBCOMP to nothing", {0x70, 2, 0, 77}, false},
          {"SUBACK to nothing", {0x90, 3, 0, 77, 0}, false},
          {"UNSUBACK to nothing", {0xB0, 2, 0, 77}, false},
          {"PINGRESP to nothing", {0xD0, 0}, false},
          {"PUBACK with id 0", {0x40, 2, 0, 0}, false}};
}

/// Client 5 at a mosquitto: each of its publishes is acknowledged, whatever else is said meanwhile.
class Bystander {
 public:
  explicit Bystander(Session& session) : session_(session) {
    session_.connect(5, broker_.port(), "bystander");
  }

  void publish_amid(std::vector<std::string> others) {
    for (int i = 0; i < 3; ++i) {
      const int id = ++id_;
      session_.host.send(fmt::format("AT+QMTPUBEX=5,{},1,0,\"t\",2\rhi", id));
      // The other texts may come before, between and after these two, but not inside.
      std::vector<std::string> texts{"\r\n> \r\nOK\r\n",
                                     fmt::format("\r\n+QMTPUBEX: 5,{},0\r\n", id)};
      if (i == 0) texts.insert(texts.end(), others.begin(), others.end());
      session_.host.expect_all(texts);
    }
  }

 private:
  Session& session_;
  Mosquitto broker_;
  int id_ = 0;
};

}  // namespace

TEST_CASE("what no broker may say, one thing after the other [STAT-8]") {
  Session session(scaled("1"));
  Bystander bystander(session);
  for (const auto& attack : attacks()) {
    INFO(attack.name);
    StoryBroker broker;
    meet(session, broker);
    broker.say(attack.bytes);
    if (attack.fatal) {
      bystander.publish_amid({"\r\n+QMTSTAT: 0,8\r\n"});
      broker.then_left();
    } else {
      bystander.publish_amid({});
      broker.expect(PacketType::publish).id(1).answer(puback());
      publish(session, 0, 1, 1);
      session.host.expect("\r\n+QMTPUBEX: 0,1,0\r\n");
      session.host.command("AT+QMTCLOSE=0");
      session.host.expect("\r\n+QMTCLOSE: 0,0\r\n");
    }
    CHECK(broker.outcome() == StoryBroker::as_told);
    session.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 5,3\r\n\r\nOK\r\n");
  }
  CHECK(session.host.quiet_for(30ms));
}

TEST_CASE("a packet as long as the cap is a message [RECV-9]") {
  StoryBroker broker;
  Session session(scaled("1"));
  meet(session, broker);
  broker.say(publish_of(packet_cap));
  session.host.expect("\r\n+QMTRECV: 0,0,\"t\",\"" + std::string(packet_cap - 7, 'x') + "\"\r\n");
  CHECK(broker.outcome() == StoryBroker::as_told);
}

TEST_CASE("SUBACK with the wrong number of codes [STAT-8]") {
  const auto codes = GENERATE(std::vector<std::uint8_t>{0}, std::vector<std::uint8_t>{0, 1, 2});
  StoryBroker broker;
  Session session(scaled("1"));
  Bystander bystander(session);
  meet(session, broker);
  broker.expect(PacketType::subscribe).answer(suback(codes));
  broker.then_left();
  session.host.command("AT+QMTSUB=0,1,\"a\",0,\"b\",1");
  session.host.expect("\r\n+QMTSTAT: 0,8\r\n");
  bystander.publish_amid({});
  CHECK(broker.outcome() == StoryBroker::as_told);
}

TEST_CASE("a packet that never ends does not keep the link alive [TIME-4]") {
  StoryBroker broker;
  Session session(scaled("20"));
  session.host.command("AT+QMTCFG=\"keepalive\",0,10");
  Bystander bystander(session);
  meet(session, broker);
  broker.say({0x30, 100, 0, 1, 't'});
  broker.expect(PacketType::pingreq).answer(pingresp());
  broker.then_left();
  bystander.publish_amid({});
  session.host.expect("\r\n+QMTPING: 0,1\r\n\r\n+QMTSTAT: 0,2\r\n");
  bystander.publish_amid({});
  CHECK(broker.outcome() == StoryBroker::as_told);
}

TEST_CASE("a flood of answers to nothing stalls nobody") {
  constexpr int count = 50'000;
  StoryBroker broker;
  Session session(scaled("1"));
  Bystander bystander(session);
  meet(session, broker);
  Packet flood;
  for (int i = 0; i < count; ++i)
    for (const int byte : {0x40, 2, 0x12, 0x34}) flood.push_back(static_cast<std::uint8_t>(byte));
  broker.say(flood);
  const auto start = std::chrono::steady_clock::now();
  bystander.publish_amid({});
  const auto took = ms_since(start);
  CHECK(took < slowed(1000));
  session.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n+QMTCONN: 5,3\r\n\r\nOK\r\n");
  CHECK(broker.outcome() == StoryBroker::as_told);
}

TEST_CASE("PUBREL for a message that never came is completed, not delivered [RECV-8]") {
  StoryBroker broker;
  Session session(scaled("1"));
  meet(session, broker);
  broker.say({0x62, 2, 0, 77});
  broker.expect(PacketType::pubcomp).id(77);
  CHECK(broker.outcome() == StoryBroker::as_told);
  CHECK(session.host.quiet_for(30ms));
  session.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n");
}

TEST_CASE("a topic that is no MQTT string ends the link [STAT-8]") {
  const auto topic = GENERATE(as<std::string>{}, "", std::string("a\0b", 3), "a\xFF",
                              "\xED\xA0\x80", "\xC0\x80", "\xF4\x90\x80\x80", "a\xC3");
  CAPTURE(transcript::escaped(topic));
  StoryBroker broker;
  Session session(scaled("1"));
  Bystander bystander(session);
  meet(session, broker);
  broker.say(publish_packet(topic, "x", 0, 0));
  broker.then_left();
  session.host.expect("\r\n+QMTSTAT: 0,8\r\n");
  bystander.publish_amid({});
  CHECK(broker.outcome() == StoryBroker::as_told);
  CHECK(session.host.quiet_for(30ms));
}

TEST_CASE("a topic of any other bytes is a message [RECV-9]") {
  const auto topic = GENERATE(as<std::string>{}, " ", "\x01\x7F", "\"", "\r\n",
                              "\xC3\xA4\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "$SYS/x", "/");
  CAPTURE(transcript::escaped(topic));
  StoryBroker broker;
  Session session(scaled("1"));
  Bystander bystander(session);
  meet(session, broker);
  broker.say(publish_packet(topic, "x", 0, 0));
  session.host.expect(fmt::format("\r\n+QMTRECV: 0,0,\"{}\",\"x\"\r\n", topic));
  bystander.publish_amid({});
  CHECK(broker.outcome() == StoryBroker::as_told);
  CHECK(session.host.quiet_for(30ms));
}
