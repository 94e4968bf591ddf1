// Packets as bytes: cutting, reading, patching.
#include "mqtt_backend/link/packet.hpp"

#include "mqtt_backend/link/connect_packet.hpp"
#include "mqtt_backend/link/framer.hpp"
#include "mqtt_backend/link/server_rules.hpp"

#include <catch2/catch.hpp>

using namespace mqtt_backend;

namespace {

Packet publish(std::uint8_t first, std::size_t payload) {
  Packet body;
  append_text(body, "a/b");
  if ((first & 0x06) != 0) append_u16(body, 513);
  body.resize(body.size() + payload, 'x');
  return make_packet(first, body);
}

/// The same packet with its remaining length in `bytes` bytes, more than it needs.
Packet in_long_form(const Packet& packet, std::size_t bytes) {
  Packet longer{packet[0]};
  std::size_t left = packet.size() - body_at(packet);
  for (std::size_t i = 1; i <= bytes; ++i, left >>= 7)
    longer.push_back(static_cast<std::uint8_t>((left & 0x7F) | (i < bytes ? 0x80 : 0)));
  longer.insert(longer.end(), packet.begin() + static_cast<long>(body_at(packet)), packet.end());
  return longer;
}

struct Rule {
  Packet packet;
  std::uint16_t id;  // 0: it has none
  bool good;
};

}  // namespace

TEST_CASE("every packet of a broker means the same in one to four length bytes [CONN-5]") {
  const std::size_t bytes = GENERATE(1u, 2u, 3u, 4u);
  const Rule rule = GENERATE(values<Rule>({
      {{0x20, 2, 0, 5}, 0, true},
      {{0x20, 2, 1, 0}, 0, true},
      {{0x20, 2, 0, 6}, 0, false},  // no such return code
      {{0x20, 3, 0, 0, 0}, 0, false},
      {{0x30, 4, 0, 1, 't', 'x'}, 0, true},
      {{0x30, 3, 0, 1, '#'}, 0, false},
      {{0x32, 5, 0, 1, 't', 1, 2}, 258, true},
      {{0x3D, 5, 0, 1, 't', 1, 2}, 258, true},
      {{0x32, 5, 0, 1, 't', 0, 0}, 0, false},
      {{0x40, 2, 1, 2}, 258, true},
      {{0x50, 2, 1, 2}, 258, true},
      {{0x62, 2, 1, 2}, 258, true},
      {{0x70, 2, 1, 2}, 258, true},
      {{0x70, 3, 1, 2, 0}, 258, false},
      {{0x90, 3, 1, 2, 0x80}, 258, true},
      {{0x90, 4, 1, 2, 0, 3}, 258, false},  // no such qos
      {{0xB0, 2, 1, 2}, 258, true},
      {{0xD0, 0}, 0, true},
      {{0xD0, 1, 0}, 0, false},
  }));
  const Packet packet = in_long_form(rule.packet, bytes);
  CAPTURE(packet);
  CHECK(packet.size() == rule.packet.size() + bytes - 1);
  CHECK(body_at(packet) == 1 + bytes);
  CHECK(!fault_of_server_packet(packet) == rule.good);
  CHECK(id_of(packet) == rule.id);
  Packet changed = packet;
  set_id(changed, 772);
  CHECK(id_of(changed) == (id_at(packet) ? 772 : 0));
  Framer framer(64);
  framer.append(packet.data(), packet.size());
  Packet cut;
  CHECK(framer.next(cut) == Framer::Result::packet);
  CHECK(cut == packet);
}

TEST_CASE("a header that no broker sends is refused before the rest comes") {
  Framer framer(1024, is_server_header);
  Packet packet;
  const Packet start = GENERATE(values<Packet>({{'H', 'T'},
                                                {0x36, 9},
                                                {0x30, 2},
                                                {0x20, 3},
                                                {0x40, 1},
                                                {0x90, 2},
                                                {0xD0, 1},
                                                {0x60, 2},
                                                {0x10, 12},
                                                {0xF0, 0}}));
  framer.append(start.data(), start.size());
  CHECK(framer.next(packet) == Framer::Result::malformed);
}

TEST_CASE("lengths of one to four bytes are written and read back") {
  for (const std::size_t size : {0u, 127u, 128u, 16383u, 16384u, 2097151u, 2097152u}) {
    const Packet packet = make_packet(0x30, Packet(size));
    CHECK(packet.size() - body_at(packet) == size);
  }
}

TEST_CASE("the framer cuts a stream however it is split") {
  Packet stream;
  std::vector<Packet> sent = {
      publish(0x30, 0), bare_packet(PacketType::pingresp), publish(0x32, 300), {0x40, 2, 0, 1}};
  for (const auto& packet : sent) stream.insert(stream.end(), packet.begin(), packet.end());
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    Framer framer(1024);
    std::vector<Packet> got;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      framer.append(stream.data() + at, std::min(step, stream.size() - at));
      Packet packet;
      while (framer.next(packet) == Framer::Result::packet) got.push_back(packet);
    }
    CHECK(got == sent);
    CHECK(framer.buffered() == 0);
  }
}

TEST_CASE("the framer refuses what is too long before it is there") {
  Framer framer(200);
  Packet packet;
  const Packet exact = make_packet(0x30, Packet(197));
  framer.append(exact.data(), exact.size());
  CHECK(framer.next(packet) == Framer::Result::packet);
  const Packet over = make_packet(0x30, Packet(198));
  framer.append(over.data(), 3);
  CHECK(framer.next(packet) == Framer::Result::too_long);
}

TEST_CASE("a fifth length byte is malformed") {
  Framer framer(1 << 20);
  Packet packet;
  const Packet bytes = {0x30, 0x80, 0x80, 0x80, 0x80};
  framer.append(bytes.data(), 4);
  CHECK(framer.next(packet) == Framer::Result::more);
  framer.append(bytes.data() + 4, 1);
  CHECK(framer.next(packet) == Framer::Result::malformed);
}

TEST_CASE("identifiers are found and replaced") {
  Packet packet = publish(0x32, 200);
  CHECK(id_of(packet) == 513);
  set_id(packet, 65535);
  CHECK(id_of(packet) == 65535);
  CHECK(topic_of(packet) == "a/b");
  CHECK_FALSE(id_at(publish(0x30, 4)));
  CHECK_FALSE(id_at(bare_packet(PacketType::pingreq)));
  CHECK_FALSE(id_at(Packet{0x40, 1, 0}));
  CHECK(id_of({0x40, 2, 1, 2}) == 258);
}

TEST_CASE("DUP can be set and cleared") {
  Packet packet = publish(0x35, 1);
  CHECK(qos_of(packet) == 2);
  CHECK(retain_of(packet));
  set_dup(packet, true);
  CHECK(packet[0] == 0x3D);
  CHECK(dup_of(packet));
  set_dup(packet, false);
  CHECK(packet[0] == 0x35);
}

TEST_CASE("the three fields of CONNECT are replaced, the rest stays") {
  Packet body;
  append_text(body, "MQTT");
  body.insert(body.end(), {4, 0xC2, 0, 0});
  append_text(body, "nonce");
  append_text(body, "user");
  append_text(body, "password");
  const Packet connect = make_packet(0x10, body);
  CHECK(client_id_of(connect) == "nonce");
  const auto changed = with_fields(connect, {std::string(200, 'i'), 3600, false});
  REQUIRE(changed);
  CHECK(client_id_of(*changed) == std::string(200, 'i'));
  const std::size_t flags = body_at(*changed) + 7;
  CHECK((*changed)[flags] == 0xC0);
  CHECK(read_u16(*changed, flags + 1) == 3600);
  const auto back = with_fields(*changed, {"nonce", 0, true});
  REQUIRE(back);
  CHECK(*back == connect);
}

TEST_CASE("an empty username goes out with its flag and zero length [CONN-4]") {
  for (const bool will : {false, true}) {
    Packet body;
    append_text(body, "MQTT");
    body.insert(body.end(), {4, static_cast<std::uint8_t>(will ? 0xC6 : 0xC2), 0, 0});
    append_text(body, "nonce");
    if (will) {
      append_text(body, "will/topic");
      append_text(body, "bye");
    }
    auto expected = body;
    append_text(body, "-");
    append_text(body, "token");
    expected.insert(expected.end(), {0, 0});
    append_text(expected, "token");
    CHECK(with_fields(make_packet(0x10, body), {"nonce", 0, true, true}) ==
          make_packet(0x10, expected));
  }
}

TEST_CASE(
    "a CONNECT whose client id is empty ends behind its length, and another packet has none") {
  Packet body;
  append_text(body, "MQTT");
  body.insert(body.end(), {4, 2, 0, 0});
  append_text(body, "");
  const Packet connect = make_packet(0x10, body);
  CHECK(client_id_of(connect) == "");
  CHECK(with_fields(connect, {"", 0, true}) == connect);
  CHECK_FALSE(client_id_of(make_packet(0x30, body)));
  CHECK_FALSE(with_fields(make_packet(0x30, body), {"", 0, true}));
}

TEST_CASE("a username or a will that goes beyond the end of a CONNECT is not replaced") {
  for (const bool will : {false, true}) {
    Packet body;
    append_text(body, "MQTT");
    body.insert(body.end(), {4, static_cast<std::uint8_t>(will ? 0xC6 : 0xC2), 0, 0});
    append_text(body, "id");
    const auto whole = body.size() + (will ? 13 : 6);
    if (will) append_text(body, "topic");
    if (will) append_text(body, "bye");
    append_text(body, "-");
    const ConnectFields fields{"id", 0, true, true};
    CHECK(with_fields(make_packet(0x10, body), fields));
    while (body.size() > whole - (will ? 13 : 6)) {
      body.pop_back();
      CHECK_FALSE(with_fields(make_packet(0x10, body), fields));
    }
  }
}

TEST_CASE("no prefix of a CONNECT is read beyond its end") {
  Packet body;
  append_text(body, "MQTT");
  body.insert(body.end(), {4, 2, 0, 0});
  append_text(body, "nonce");
  for (std::size_t size = 0; size < body.size(); ++size) {
    const Packet cut =
        make_packet(0x10, Packet(body.begin(), body.begin() + static_cast<long>(size)));
    CHECK_FALSE(client_id_of(cut));
    CHECK_FALSE(with_fields(cut, {}));
    CHECK_FALSE(with_fields(cut, {{}, 0, true, true}));
  }
}

TEST_CASE("a packet seen from outside shows type, flags, identifier and length, no content") {
  const auto publish = header_of({0x3A, 7, 0, 1, 't', 0x01, 0x02, 'h', 'i'});
  CHECK(publish.type == PacketType::publish);
  CHECK(publish.flags == 0x0A);
  CHECK(publish.id == 0x0102);
  CHECK(publish.length == 9);
  const auto connack = header_of({0x20, 2, 0, 5});
  CHECK(connack.type == PacketType::connack);
  CHECK(connack.flags == 0);
  CHECK(connack.id == 0);
  CHECK(connack.length == 4);
}
