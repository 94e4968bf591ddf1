#include "mqtt_backend/link/packet.hpp"

#include <algorithm>

namespace mqtt_backend {
namespace {

constexpr std::uint8_t dup_flag = 0x08;

}  // namespace

PacketHeader header_of(const Packet& packet) {
  constexpr unsigned flags = 0x0F;
  PacketHeader header{type_of(packet), packet[0] & flags, id_of(packet), packet.size()};
  if (header.type == PacketType::publish) header.topic = topic_of(packet).value_or("");
  if (header.type == PacketType::connect) return header;
  const auto begin = std::min(body_at(packet), packet.size());
  const auto size = std::min(packet.size() - begin, PacketHeader::most_body);
  header.body.assign(reinterpret_cast<const char*>(packet.data()) + begin, size);
  return header;
}

PacketType type_of(const Packet& packet) { return static_cast<PacketType>(packet[0] >> 4); }

int qos_of(const Packet& packet) { return (packet[0] >> 1) & 3; }

bool dup_of(const Packet& packet) { return (packet[0] & dup_flag) != 0; }

bool retain_of(const Packet& packet) { return (packet[0] & 1) != 0; }

void set_dup(Packet& packet, bool dup) {
  const unsigned first = packet[0];
  packet[0] = static_cast<std::uint8_t>(dup ? first | dup_flag : first & ~unsigned{dup_flag});
}

std::size_t body_at(const Packet& packet) {
  std::size_t at = 1;
  while (at < packet.size() && (packet[at] & 0x80) != 0) ++at;
  return at + 1;
}

std::optional<std::size_t> id_at(const Packet& packet) {
  const PacketType type = type_of(packet);
  std::size_t at = body_at(packet);
  if (type == PacketType::publish) {
    if (qos_of(packet) == 0 || !topic_of(packet)) return std::nullopt;
    at += 2u + read_u16(packet, at);
  } else if (type < PacketType::puback || type > PacketType::unsuback) {
    return std::nullopt;
  }
  if (at + 2 > packet.size()) return std::nullopt;
  return at;
}

std::uint16_t id_of(const Packet& packet) {
  const auto at = id_at(packet);
  return at ? read_u16(packet, *at) : std::uint16_t{0};
}

void set_id(Packet& packet, std::uint16_t id) {
  const auto at = id_at(packet);
  if (!at) return;
  packet[*at] = static_cast<std::uint8_t>(id >> 8);
  packet[*at + 1] = static_cast<std::uint8_t>(id & 0xFF);
}

std::optional<std::string_view> topic_of(const Packet& packet) {
  const std::size_t at = body_at(packet);
  if (at + 2 > packet.size()) return std::nullopt;
  const std::size_t length = read_u16(packet, at);
  if (at + 2 + length > packet.size()) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(packet.data()) + at + 2, length);
}

std::uint16_t read_u16(const Packet& packet, std::size_t offset) {
  return static_cast<std::uint16_t>((packet[offset] << 8) | packet[offset + 1]);
}

void append_u16(Packet& packet, std::uint16_t value) {
  packet.push_back(static_cast<std::uint8_t>(value >> 8));
  packet.push_back(static_cast<std::uint8_t>(value & 0xFF));
}

void append_text(Packet& packet, std::string_view text) {
  append_u16(packet, static_cast<std::uint16_t>(text.size()));
  packet.insert(packet.end(), text.begin(), text.end());
}

Packet make_packet(std::uint8_t first, const Packet& body) {
  Packet packet{first};
  std::size_t left = body.size();
  do {
    const auto low = static_cast<std::uint8_t>(left & 0x7F);
    left >>= 7;
    packet.push_back(static_cast<std::uint8_t>(left > 0 ? low | 0x80 : low));
  } while (left > 0);
  packet.insert(packet.end(), body.begin(), body.end());
  return packet;
}

Packet bare_packet(PacketType type) {
  return {static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4), 0};
}

}  // namespace mqtt_backend
