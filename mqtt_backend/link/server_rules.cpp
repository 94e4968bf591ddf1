#include "mqtt_backend/link/server_rules.hpp"

#include "mqtt_backend/topic.hpp"

#include <fmt/core.h>

namespace mqtt_backend {
namespace {

std::optional<std::string> fault(const Packet& packet, const char* text) {
  return fmt::format("{}: {}", name_of(type_of(packet)), text);
}

std::optional<std::string> publish_fault(const Packet& packet) {
  if (qos_of(packet) == 3) return fault(packet, "qos 3");
  const auto topic = topic_of(packet);
  if (!topic) return fault(packet, "topic runs over the end");
  if (topic->empty()) return fault(packet, "empty topic");
  if (!is_mqtt_string(*topic)) return fault(packet, "topic is no UTF-8 string");
  if (topic->find_first_of("+#") != std::string_view::npos)
    return fault(packet, "wildcard in the topic");
  if (qos_of(packet) == 0) return std::nullopt;
  if (!id_at(packet)) return fault(packet, "no packet identifier");
  if (id_of(packet) == 0) return fault(packet, "packet identifier 0");
  return std::nullopt;
}

std::optional<std::string> length_fault(const Packet& packet, std::size_t body) {
  if (packet.size() - body_at(packet) == body) return std::nullopt;
  return fault(packet, "wrong length");
}

std::optional<std::string> suback_fault(const Packet& packet) {
  const std::size_t codes = body_at(packet) + 2;
  if (packet.size() <= codes) return fault(packet, "wrong length");
  for (std::size_t at = codes; at < packet.size(); ++at) {
    if (packet[at] > 2 && packet[at] != 0x80) return fault(packet, "unknown return code");
  }
  return std::nullopt;
}

std::optional<std::string> flags_fault(const Packet& packet) {
  const unsigned flags = packet[0] & 0x0Fu;
  // A broker of MQTT 3.1 may set DUP on a repeated PUBREL.
  const bool pubrel = type_of(packet) == PacketType::pubrel;
  const bool good = pubrel ? (flags & ~0x08u) == 0x02u : flags == 0;
  if (good) return std::nullopt;
  return fault(packet, "wrong flags");
}

}  // namespace

bool is_server_header(std::uint8_t first, std::size_t body) {
  constexpr std::size_t shortest_publish = 3;
  constexpr std::size_t shortest_suback = 3;
  const Packet header{first, 0};
  const auto type = type_of(header);
  if (type == PacketType::publish) return qos_of(header) < 3 && body >= shortest_publish;
  if (flags_fault(header)) return false;
  switch (type) {
    case PacketType::connack:
    case PacketType::puback:
    case PacketType::pubrec:
    case PacketType::pubrel:
    case PacketType::pubcomp:
    case PacketType::unsuback:
      return body == 2;
    case PacketType::suback:
      return body >= shortest_suback;
    case PacketType::pingresp:
      return body == 0;
    default:
      return false;
  }
}

std::optional<std::string> fault_of_server_packet(const Packet& packet) {
  if (packet.size() < 2) return "packet without a length";
  if (type_of(packet) == PacketType::publish) return publish_fault(packet);
  if (auto bad = flags_fault(packet)) return bad;
  switch (type_of(packet)) {
    case PacketType::connack:
      if (auto bad = length_fault(packet, 2)) return bad;
      if (packet[body_at(packet) + 1] > max_connack_code)
        return fault(packet, "unknown return code");
      return std::nullopt;
    case PacketType::puback:
    case PacketType::pubrec:
    case PacketType::pubrel:
    case PacketType::pubcomp:
    case PacketType::unsuback:
      return length_fault(packet, 2);
    case PacketType::suback:
      return suback_fault(packet);
    case PacketType::pingresp:
      return length_fault(packet, 0);
    default:
      return fault(packet, "not a packet that a broker may send");
  }
}

}  // namespace mqtt_backend
