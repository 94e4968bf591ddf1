// LinkPaho against a broker that does what brokers should not, or seldom do.
#include "tests/support/link_bench.hpp"
#include "tests/support/log_capture.hpp"
#include "tests/support/scripted_broker.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <string>

#include <catch2/catch.hpp>

using namespace mqtt_backend;
using namespace std::chrono_literals;
using support::as_client;
using support::LinkBench;
using support::Probe;
using support::ScriptedBroker;

namespace {

Packet inbound(int qos, std::uint16_t id, const std::string& topic, const std::string& payload) {
  Packet body;
  append_text(body, topic);
  if (qos > 0) append_u16(body, id);
  body.insert(body.end(), payload.begin(), payload.end());
  return make_packet(static_cast<std::uint8_t>(0x30 | (qos << 1)), body);
}

Packet answer(std::uint8_t first, std::uint16_t id) {
  return {first, 2, static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id & 0xFF)};
}

/// The same packet with its remaining length in four bytes.
Packet lengthy(const Packet& packet) {
  Packet longer{packet[0], static_cast<std::uint8_t>(packet[1] | 0x80), 0x80, 0x80, 0};
  longer.insert(longer.end(), packet.begin() + 2, packet.end());
  return longer;
}

struct Stage {
  LinkBench bench;
  ScriptedBroker broker{bench.io};
  Probe probe{bench};

  bool until(PacketType type, std::size_t count) {
    return bench.run_until([&] { return broker.count(type) >= count; });
  }
  // A round trip: whatever was sent before has been dealt with.
  bool settle() {
    const auto pongs = probe.all<link_event::Pong>().size();
    probe.link.ping();
    if (!until(PacketType::pingreq, broker.count(PacketType::pingreq) + 1)) return false;
    broker.send({0xD0, 0});
    return probe.wait<link_event::Pong>(pongs + 1);
  }
};

}  // namespace

TEST_CASE("CONNECT carries what was asked for and nothing of the library's own") {
  Stage stage;
  ConnectRequest request;
  request.version = 3;
  request.clean_session = false;
  request.keepalive = 300;
  request.client_id = "dev";
  request.username = "u";
  request.password = std::string("p\0w", 3);
  request.will = Will{2, true, "w", "m"};
  REQUIRE(stage.probe.open(stage.broker.port()));
  REQUIRE(stage.probe.connect(request));
  Packet body;
  append_text(body, "MQIsdp");
  body.push_back(3);
  body.push_back(0xC0 | 0x20 | 0x10 | 0x04);
  append_u16(body, 300);
  for (const std::string& text : {std::string("dev"), std::string("w"), std::string("m"),
                                  std::string("u"), std::string("p\0w", 3)})
    append_text(body, text);
  CHECK(stage.broker.packets[0] == make_packet(0x10, body));
}

TEST_CASE("the longest legal CONNECT passes the hop") {
  Stage stage;
  auto request = as_client(std::string(23, 'c'));
  request.username = std::string(4096, 'u');
  request.password = std::string(4096, 'p');
  request.will = Will{0, false, std::string(256, 't'), std::string(256, 'm')};
  REQUIRE(stage.probe.open(stage.broker.port()));
  CHECK(stage.probe.connect(request));
}

TEST_CASE("a refusal with a length of four bytes is a refusal [CONN-5]") {
  Stage stage;
  stage.broker.connack = lengthy({0x20, 2, 0, 5});
  REQUIRE(stage.probe.open(stage.broker.port()));
  CHECK_FALSE(stage.probe.connect(as_client("long")));
  REQUIRE(stage.probe.has<link_event::ConnAck>());
  CHECK(stage.probe.all<link_event::ConnAck>()[0].code == 5);
  CHECK_FALSE(stage.probe.has<link_event::Down>());
}

TEST_CASE("a session goes on with lengths of four bytes") {
  Stage stage;
  stage.broker.connack = lengthy({0x20, 2, 1, 0});
  REQUIRE(stage.probe.open(stage.broker.port()));
  auto request = as_client("long");
  request.clean_session = false;
  REQUIRE(stage.probe.connect(request));
  CHECK(stage.probe.all<link_event::ConnAck>()[0].session_present);
  const Ticket sub = stage.probe.link.subscribe(7, {{"a", 1}});
  REQUIRE(stage.until(PacketType::subscribe, 1));
  stage.broker.send(lengthy({0x90, 3, 0, 7, 0x80}));
  REQUIRE(stage.bench.run_until([&] { return stage.probe.acked(sub); }));
  CHECK(stage.probe.all<link_event::Acked>()[0].codes == std::vector<std::uint8_t>{0x80});
  const Ticket pub = stage.probe.link.publish({8, 2, false, "a", "b"});
  REQUIRE(stage.until(PacketType::publish, 1));
  stage.broker.send(lengthy(answer(0x50, 8)));
  REQUIRE(stage.until(PacketType::pubrel, 1));
  stage.broker.send(lengthy(answer(0x70, 8)));
  REQUIRE(stage.bench.run_until([&] { return stage.probe.acked(pub); }));
  stage.broker.send(lengthy(inbound(2, 77, "q", "once")));
  REQUIRE(stage.until(PacketType::pubrec, 1));
  stage.broker.send(lengthy(answer(0x62, 77)));
  REQUIRE(stage.probe.wait<link_event::Message>());
  CHECK(stage.probe.all<link_event::Message>()[0].payload == "once");
  CHECK_FALSE(stage.probe.has<link_event::Down>());
}

TEST_CASE(
    "long qos 2 messages cut before PUBREL all come on the next link, released at once [RECV-8]") {
  constexpr std::uint16_t count = 20;
  constexpr std::size_t size = 200'000;  // more in all than the hop takes at a time
  Stage stage;
  auto request = as_client("many");
  request.clean_session = false;
  REQUIRE(stage.probe.open(stage.broker.port()));
  REQUIRE(stage.probe.connect(request));
  Packet releases;
  for (std::uint16_t id = 1; id <= count; ++id) {
    stage.broker.send(inbound(2, id, "q", std::string(size, static_cast<char>('a' + id))));
    REQUIRE(stage.until(PacketType::pubrec, id));
    const auto release = answer(0x62, id);
    releases.insert(releases.end(), release.begin(), release.end());
  }
  stage.broker.hang_up(true);
  REQUIRE(stage.probe.wait<link_event::Down>());
  stage.broker.connack = {0x20, 2, 1, 0};
  REQUIRE(stage.probe.open(stage.broker.port()));
  REQUIRE(stage.probe.connect(request));
  stage.broker.send(releases);
  REQUIRE(stage.probe.wait<link_event::Message>(count));
  REQUIRE(stage.until(PacketType::pubcomp, count));
  const auto messages = stage.probe.all<link_event::Message>();
  for (std::size_t i = 0; i < count; ++i)
    CHECK(messages[i].payload == std::string(size, static_cast<char>('b' + i)));
  CHECK(stage.probe.count<link_event::Down>() == 1);
}

TEST_CASE("an inbound qos 2 message cut before PUBREL comes exactly once on the next link") {
  Stage stage;
  auto request = as_client("twice");
  request.clean_session = false;
  REQUIRE(stage.probe.open(stage.broker.port()));
  REQUIRE(stage.probe.connect(request));
  stage.broker.send(inbound(2, 77, "q", "once"));
  REQUIRE(stage.until(PacketType::pubrec, 1));
  stage.broker.hang_up(true);
  REQUIRE(stage.probe.wait<link_event::Down>());
  CHECK_FALSE(stage.probe.has<link_event::Message>());
  stage.broker.connack = {0x20, 2, 1, 0};
  REQUIRE(stage.probe.open(stage.broker.port()));
  REQUIRE(stage.probe.connect(request));
  stage.broker.send(answer(0x62, 77));
  REQUIRE(stage.until(PacketType::pubcomp, 1));
  REQUIRE(stage.probe.wait<link_event::Message>());
  stage.broker.send(answer(0x62, 77));
  REQUIRE(stage.until(PacketType::pubcomp, 2));
  CHECK(stage.broker.count(PacketType::pubrec) == 1);
  const auto messages = stage.probe.all<link_event::Message>();
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].msg_id == 77);
  CHECK(messages[0].payload == "once");
}

TEST_CASE("a delivered qos 2 message is not delivered again when PUBCOMP was lost") {
  Stage stage;
  auto request = as_client("lost-pubcomp");
  request.clean_session = false;
  REQUIRE(stage.probe.open(stage.broker.port()));
  REQUIRE(stage.probe.connect(request));
  stage.broker.send(inbound(2, 5, "q", "once"));
  REQUIRE(stage.until(PacketType::pubrec, 1));
  stage.broker.send(answer(0x62, 5));
  REQUIRE(stage.probe.wait<link_event::Message>());
  stage.broker.hang_up(true);
  REQUIRE(stage.probe.wait<link_event::Down>());
  stage.broker.connack = {0x20, 2, 1, 0};
  stage.broker.packets.clear();
  REQUIRE(stage.probe.open(stage.broker.port()));
  REQUIRE(stage.probe.connect(request));
  stage.broker.send(answer(0x62, 5));
  REQUIRE(stage.until(PacketType::pubcomp, 1));
  REQUIRE(stage.settle());
  CHECK(stage.probe.all<link_event::Message>().size() == 1);
}

TEST_CASE("resending sets DUP where the version allows it") {
  Stage stage;
  auto request = as_client("again");
  request.version = GENERATE(3, 4);
  const std::uint8_t dup_in_3 = request.version == 3 ? 0x08 : 0x00;
  REQUIRE(stage.probe.open(stage.broker.port()));
  REQUIRE(stage.probe.connect(request));
  const Ticket sub = stage.probe.link.subscribe(11, {{"a", 1}});
  REQUIRE(stage.until(PacketType::subscribe, 1));
  stage.probe.link.resend(sub);
  REQUIRE(stage.until(PacketType::subscribe, 2));
  CHECK(stage.broker.of(PacketType::subscribe)[0][0] == 0x82);
  CHECK(stage.broker.of(PacketType::subscribe)[1][0] == (0x82 | dup_in_3));
  const Ticket pub = stage.probe.link.publish({12, 2, true, "a", "b"});
  REQUIRE(stage.until(PacketType::publish, 1));
  stage.probe.link.resend(pub);
  REQUIRE(stage.until(PacketType::publish, 2));
  Packet first = stage.broker.of(PacketType::publish)[0];
  CHECK(first[0] == 0x35);
  set_dup(first, true);
  CHECK(stage.broker.of(PacketType::publish)[1] == first);
  stage.broker.send(answer(0x50, 12));
  stage.broker.send(answer(0x50, 12));
  REQUIRE(stage.until(PacketType::pubrel, 1));
  REQUIRE(stage.settle());
  CHECK(stage.broker.count(PacketType::pubrel) == 1);
  CHECK(stage.probe.all<link_event::Received>().size() == 1);
  stage.probe.link.resend(pub);
  REQUIRE(stage.until(PacketType::pubrel, 2));
  CHECK(stage.broker.of(PacketType::pubrel)[1][0] == (0x62 | dup_in_3));
  CHECK(id_of(stage.broker.of(PacketType::pubrel)[1]) == 12);
  stage.broker.send(answer(0x70, 12));
  stage.broker.send(answer(0x70, 12));
  stage.broker.send({0x90, 3, 0, 11, 0x80});
  REQUIRE(stage.settle());
  CHECK(stage.probe.acked(pub));
  CHECK(stage.probe.all<link_event::Acked>().size() == 2);
  CHECK(stage.probe.all<link_event::Acked>().back().codes == std::vector<std::uint8_t>{0x80});
  CHECK_FALSE(stage.probe.has<link_event::Down>());
}

TEST_CASE("identifier 0 or one in flight is replaced on the wire") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "ids"));
  stage.probe.link.publish({0, 1, false, "a", "1"});
  stage.probe.link.publish({9, 1, false, "a", "2"});
  const Ticket third = stage.probe.link.publish({9, 1, false, "a", "3"});
  REQUIRE(stage.until(PacketType::publish, 3));
  CHECK(id_of(stage.broker.packets[1]) == 0xEFFF);
  CHECK(id_of(stage.broker.packets[2]) == 9);
  CHECK(id_of(stage.broker.packets[3]) == 0xEFFE);
  stage.broker.send(answer(0x40, 0xEFFE));
  CHECK(stage.bench.run_until([&] { return stage.probe.acked(third); }));
}

TEST_CASE("answers to nothing are swallowed") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "unasked"));
  for (const int first : {0x40, 0x50, 0x70, 0xB0})
    stage.broker.send(answer(static_cast<std::uint8_t>(first), 1));
  stage.broker.send({0x90, 3, 0, 1, 0});
  stage.broker.send({0xD0, 0});
  const Ticket ticket = stage.probe.link.publish({1, 1, false, "a", "x"});
  REQUIRE(stage.until(PacketType::publish, 1));
  CHECK_FALSE(stage.probe.acked(ticket));
  stage.broker.send({0xB0, 2, 0, 1});
  stage.broker.send({0x90, 3, 0, 1, 0});
  REQUIRE(stage.settle());
  CHECK_FALSE(stage.probe.acked(ticket));
  CHECK(stage.probe.all<link_event::Pong>().size() == 1);
  CHECK_FALSE(stage.probe.has<link_event::Down>());
}

TEST_CASE("a broker that breaks the protocol takes the link down") {
  const Packet garbage = GENERATE(values<Packet>({
      {0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01},  // a fifth length byte
      {0x30, 0x80, 0x80, 0x80, 0x01},        // 2 MB announced
      {0x00, 0x00},
      {0xF0, 0x00},
      {0x10, 0x00},
      {0xE0, 0x00},
      {0x20, 0x02, 0x00, 0x00},             // a second CONNACK
      {0x36, 0x05, 0x00, 0x01, 'a', 0, 1},  // qos 3
      {0x32, 0x05, 0x00, 0x01, 'a', 0, 0},  // identifier 0
      {0x30, 0x02, 0x00, 0x00},             // no topic
      {0x30, 0x03, 0x00, 0x01, '#'},
      {0x30, 0x03, 0x00, 0x09, 'a'},
      {0x41, 0x02, 0x00, 0x01},
      {0x40, 0x03, 0x00, 0x01, 0x00},
      {0x60, 0x02, 0x00, 0x01},
      {0x90, 0x03, 0x00, 0x01, 0x03},
      {0x90, 0x02, 0x00, 0x01},
      Packet(100, 'H'),
  }));
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "victim"));
  stage.broker.send(garbage);
  REQUIRE(stage.probe.wait<link_event::Down>());
  CHECK(stage.probe.all<link_event::Down>()[0].reason == DownReason::protocol_error);
  CHECK_FALSE(stage.probe.all<link_event::Down>()[0].detail.empty());
}

TEST_CASE("a SUBACK with too many codes takes the link down") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "victim"));
  stage.probe.link.subscribe(3, {{"a", 0}});
  REQUIRE(stage.until(PacketType::subscribe, 1));
  stage.broker.send({0x90, 4, 0, 3, 0, 0});
  REQUIRE(stage.probe.wait<link_event::Down>());
  CHECK(stage.probe.all<link_event::Down>()[0].reason == DownReason::protocol_error);
}

TEST_CASE("a late SUBACK of an earlier SUBSCRIBE under the same id is not the new one's") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "late"));
  const Ticket first = stage.probe.link.subscribe(1, {{"a", 0}});
  REQUIRE(stage.until(PacketType::subscribe, 1));
  stage.probe.link.resend(first);
  REQUIRE(stage.until(PacketType::subscribe, 2));
  stage.broker.send({0x90, 3, 0, 1, 0});
  REQUIRE(stage.bench.run_until([&] { return stage.probe.acked(first); }));
  const Ticket second = stage.probe.link.subscribe(1, {{"b", 0}, {"c", 1}});
  REQUIRE(stage.until(PacketType::subscribe, 3));
  stage.broker.send({0x90, 3, 0, 1, 0});
  REQUIRE(stage.settle());
  CHECK_FALSE(stage.probe.acked(second));
  stage.broker.send({0x90, 4, 0, 1, 0, 1});
  CHECK(stage.bench.run_until([&] { return stage.probe.acked(second); }));
  CHECK_FALSE(stage.probe.has<link_event::Down>());
}

TEST_CASE("a qos 2 message that the broker repeats arrives once [RECV-8]") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "once"));
  auto message = inbound(2, 77, "t", "m");
  stage.broker.send(message);
  REQUIRE(stage.until(PacketType::pubrec, 1));
  set_dup(message, true);
  stage.broker.send(message);
  REQUIRE(stage.until(PacketType::pubrec, 2));
  stage.broker.send(answer(0x62, 77));
  stage.broker.send(answer(0x62, 77));
  REQUIRE(stage.until(PacketType::pubcomp, 2));
  REQUIRE(stage.settle());
  CHECK(stage.probe.all<link_event::Message>().size() == 1);
  // the id is free again: a new message under it is a new message
  stage.broker.send(inbound(2, 77, "t", "another"));
  REQUIRE(stage.until(PacketType::pubrec, 3));
  stage.broker.send(answer(0x62, 77));
  REQUIRE(stage.probe.wait<link_event::Message>(2));
}

TEST_CASE("disconnect ends with Disconnected, also when the link has just died [DISC-2]") {
  Stage stage;
  SECTION("connected") { REQUIRE(stage.probe.up(stage.broker.port(), "gone")); }
  SECTION("open") { REQUIRE(stage.probe.open(stage.broker.port())); }
  REQUIRE(stage.bench.run_until([&] { return stage.broker.connections == 1; }));
  stage.broker.hang_up();
  REQUIRE(stage.probe.wait<link_event::Down>());
  stage.probe.link.disconnect();
  CHECK(stage.probe.wait<link_event::Disconnected>());
}

TEST_CASE("bytes or an end before CONNECT") {
  Stage stage;
  REQUIRE(stage.probe.open(stage.broker.port()));
  REQUIRE(stage.bench.run_until([&] { return stage.broker.connections == 1; }));
  DownReason wanted = DownReason::peer_closed;
  SECTION("bytes") {
    stage.broker.send({0xD0, 0});
    wanted = DownReason::protocol_error;
  }
  SECTION("FIN") { stage.broker.hang_up(); }
  SECTION("RST") { stage.broker.hang_up(true); }
  REQUIRE(stage.probe.wait<link_event::Down>());
  CHECK(stage.probe.all<link_event::Down>()[0].reason == wanted);
  INFO(stage.probe.all<link_event::Down>()[0].detail);
}

TEST_CASE("a refusal and the end that follows are one event") {
  const int code = GENERATE(range(1, 6));
  Stage stage;
  stage.broker.connack = {0x20, 2, 0, static_cast<std::uint8_t>(code)};
  stage.broker.on_packet = [&](const Packet&) { stage.broker.hang_up(); };
  REQUIRE(stage.probe.open(stage.broker.port()));
  CHECK_FALSE(stage.probe.connect(as_client("refused")));
  stage.bench.run_for(50ms);
  CHECK(stage.probe.all<link_event::ConnAck>()[0].code == code);
  CHECK_FALSE(stage.probe.has<link_event::Down>());
  CHECK(stage.broker.count(PacketType::connect) == 1);
  CHECK(stage.broker.connections == 1);
}

TEST_CASE("an end with nothing before it waits for no message, and is no error of ours") {
  auto soonest = 1000ms;
  for (int i = 0; i < 10 && soonest > 50ms; ++i) {  // some are held up by the machine
    Stage stage;
    REQUIRE(stage.probe.up(stage.broker.port(), "short"));
    support::LogCapture log;
    const auto begin = std::chrono::steady_clock::now();
    stage.broker.hang_up();
    REQUIRE(stage.probe.wait<link_event::Down>());
    const auto took = std::chrono::steady_clock::now() - begin;
    soonest = std::min(soonest, std::chrono::duration_cast<std::chrono::milliseconds>(took));
    CHECK_THAT(log.take(), !Catch::Contains("error"));
  }
  CHECK(soonest <= 50ms);
}

TEST_CASE("messages sent just before the end come before the end") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "last-words"));
  Packet burst;
  for (int i = 0; i < 50; ++i) {
    const Packet one = inbound(0, 0, "t", std::to_string(i));
    burst.insert(burst.end(), one.begin(), one.end());
  }
  stage.broker.send(burst);
  stage.broker.hang_up();
  REQUIRE(stage.probe.wait<link_event::Down>());
  CHECK(stage.probe.all<link_event::Message>().size() == 50);
  CHECK(std::holds_alternative<link_event::Down>(stage.probe.events.back()));
}

TEST_CASE("a stalled link loses nothing and holds the library back") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "stalled"));
  const std::string payload(60'000, 'x');
  stage.broker.reads = false;
  // One more read is under way in the broker.
  REQUIRE(stage.probe.publish(0, 0, "s", payload));
  // Far more than the kernel takes for a peer that does not read.
  std::size_t asked = 1;
  for (int round = 0; round < 25; ++round, asked += 20) {
    for (int i = 0; i < 20; ++i) stage.probe.link.publish({0, 0, false, "s", payload});
    if (!stage.bench.run_until(
            [&] { return stage.probe.all<link_event::Acked>().size() == asked + 20; }, 300ms)) {
      asked += 20;
      break;
    }
  }
  CHECK(stage.probe.all<link_event::Acked>().size() < asked);
  stage.broker.reads = true;
  stage.broker.read();
  REQUIRE(stage.until(PacketType::publish, asked));
  CHECK_FALSE(stage.probe.has<link_event::Down>());
}

TEST_CASE("close ends all events, and sends no DISCONNECT") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "closer"));
  stage.probe.link.publish({1, 1, false, "a", "x"});
  REQUIRE(stage.until(PacketType::publish, 1));
  stage.broker.send(answer(0x40, 1));
  stage.probe.link.close();
  stage.probe.events.clear();
  REQUIRE(stage.bench.run_until([&] { return stage.broker.ended == 1; }));
  stage.bench.run_for(50ms);
  CHECK(stage.probe.events.empty());
  CHECK(stage.broker.of(PacketType::disconnect).empty());
}

TEST_CASE("disconnect writes DISCONNECT when connected, and only then") {
  Stage stage;
  CHECK(stage.probe.disconnect());
  REQUIRE(stage.probe.open(stage.broker.port()));
  CHECK(stage.probe.disconnect());
  CHECK(stage.broker.packets.empty());
  REQUIRE(stage.probe.up(stage.broker.port(), "polite"));
  CHECK(stage.probe.disconnect());
  CHECK(stage.until(PacketType::disconnect, 1));
  CHECK(stage.broker.packets.back() == Packet{0xE0, 0});
}

TEST_CASE("what the peer's TCP has acknowledged is delivered") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "heard"));
  CHECK(stage.bench.run_until([&] { return stage.probe.link.delivered(); }));
}

TEST_CASE("DISCONNECT is said even when the library is stuck") {
  Stage stage;
  REQUIRE(stage.probe.up(stage.broker.port(), "patient"));
  auto& library = stage.bench.world.api();
  std::promise<void> release;
  library.count_user(PahoThread::few_users);
  library.post_always([until = release.get_future().share()] { until.wait(); });
  stage.probe.link.disconnect();
  CHECK(stage.until(PacketType::disconnect, 1));
  release.set_value();
  library.count_user(-PahoThread::few_users);
}

TEST_CASE("an injected message is one of the broker's, and its answers stay here [CTL-17]") {
  Stage stage;
  REQUIRE_FALSE(stage.probe.link.inject(inbound(0, 0, "early", "")));
  REQUIRE(stage.probe.up(stage.broker.port(), "dev"));
  CHECK(stage.probe.link.inject(inbound(0, 0, "a", std::string("\0\0zero", 6))));
  CHECK(stage.probe.link.inject(inbound(1, 0, "b", "one")));
  CHECK(stage.probe.link.inject(inbound(2, 0, "c", "two")));
  CHECK(stage.probe.link.inject(inbound(1, 7, "d", std::string("\0\r\n", 3))));
  REQUIRE(stage.probe.wait<link_event::Message>(4));
  stage.broker.send(inbound(1, 8, "e", "the broker's own"));
  REQUIRE(stage.probe.wait<link_event::Message>(5));
  REQUIRE(stage.until(PacketType::puback, 1));
  REQUIRE(stage.settle());
  const auto messages = stage.probe.all<link_event::Message>();
  std::string said;
  for (const auto& message : messages) said += message.topic + std::to_string(message.qos) + ' ';
  CHECK(messages[0].payload == std::string("\0\0zero", 6));
  // The qos 2 message comes with its PUBREL, behind the library's PUBREC.
  CHECK(said.find("a0 ") != std::string::npos);
  CHECK(said.find("c2 ") != std::string::npos);
  CHECK(messages.size() == 5);
  // The broker's own message is acknowledged, the others are not.
  CHECK(stage.broker.of(PacketType::puback) == std::vector<Packet>{answer(0x40, 8)});
  CHECK(stage.broker.of(PacketType::pubrec).empty());
  CHECK(stage.broker.of(PacketType::pubcomp).empty());
  // What breaks the protocol ends the link, as from a broker.
  CHECK(stage.probe.link.inject(Packet{0xF0, 0}));
  REQUIRE(stage.probe.wait<link_event::Down>());
  CHECK(stage.probe.all<link_event::Down>()[0].reason == DownReason::protocol_error);
}
