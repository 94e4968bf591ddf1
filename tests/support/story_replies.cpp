// What a StoryBroker can answer.
#include "tests/support/story_broker.hpp"

#include <utility>

namespace support {

using mqtt_backend::Packet;

namespace {

Reply ack(std::uint8_t first) {
  return [first](const Packet& heard) {
    Packet body;
    mqtt_backend::append_u16(body, mqtt_backend::id_of(heard));
    return mqtt_backend::make_packet(first, body);
  };
}

}  // namespace

Reply connack(std::uint8_t code, std::uint8_t flags) {
  return [=](const Packet&) { return Packet{0x20, 2, flags, code}; };
}

Reply puback() { return ack(0x40); }
Reply pubrec() { return ack(0x50); }
Reply pubcomp() { return ack(0x70); }
Reply unsuback() { return ack(0xB0); }

Reply suback(std::vector<std::uint8_t> codes) {
  return [codes = std::move(codes)](const Packet& heard) {
    Packet body;
    mqtt_backend::append_u16(body, mqtt_backend::id_of(heard));
    body.insert(body.end(), codes.begin(), codes.end());
    return mqtt_backend::make_packet(0x90, body);
  };
}

Reply pingresp() {
  return [](const Packet&) { return Packet{0xD0, 0}; };
}

Reply wrong_id(Reply reply) {
  return [reply = std::move(reply)](const Packet& heard) {
    Packet packet = reply(heard);
    mqtt_backend::set_id(packet, static_cast<std::uint16_t>(mqtt_backend::id_of(packet) + 1));
    return packet;
  };
}

Reply wrong_flags(Reply reply) {
  return [reply = std::move(reply)](const Packet& heard) {
    Packet packet = reply(heard);
    packet[0] = static_cast<std::uint8_t>(packet[0] | 0x0Fu);
    return packet;
  };
}

Reply wrong_length(Reply reply) {
  return [reply = std::move(reply)](const Packet& heard) {
    Packet packet = reply(heard);
    ++packet[1];
    packet.push_back(0);
    return packet;
  };
}

Packet publish_packet(const std::string& topic, const std::string& payload, int qos,
                      std::uint16_t id, bool dup) {
  Packet body;
  mqtt_backend::append_text(body, topic);
  if (qos > 0) mqtt_backend::append_u16(body, id);
  body.insert(body.end(), payload.begin(), payload.end());
  const int first = 0x30 | (qos << 1) | (dup ? 8 : 0);
  return mqtt_backend::make_packet(static_cast<std::uint8_t>(first), body);
}

}  // namespace support
