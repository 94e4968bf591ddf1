#include "mqtt_backend/link/connect_packet.hpp"

namespace mqtt_backend {
namespace {

constexpr unsigned clean_flag = 0x02;
constexpr unsigned will_flag = 0x04;

// Offset of the connect flags: behind protocol name and version.
std::optional<std::size_t> flags_at(const Packet& packet) {
  if (type_of(packet) != PacketType::connect) return std::nullopt;
  const std::size_t name_at = body_at(packet);
  if (name_at + 2 > packet.size()) return std::nullopt;
  const std::size_t at = name_at + 2 + read_u16(packet, name_at) + 1;
  // Flags, keepalive and the length of the client id follow.
  if (at + 5 > packet.size()) return std::nullopt;
  return at;
}

/// Offset behind `count` texts that begin at `at`; nothing when they go beyond the packet.
std::optional<std::size_t> skip_texts(const Packet& packet, std::size_t at, int count) {
  for (int i = 0; i < count; ++i) {
    if (at + 2 > packet.size()) return std::nullopt;
    at += 2 + std::size_t{read_u16(packet, at)};
    if (at > packet.size()) return std::nullopt;
  }
  return at;
}

}  // namespace

std::optional<std::string_view> client_id_of(const Packet& packet) {
  const auto flags = flags_at(packet);
  if (!flags) return std::nullopt;
  const std::size_t at = *flags + 5;
  const std::size_t length = read_u16(packet, *flags + 3);
  if (at + length > packet.size()) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(packet.data()) + at, length);
}

std::optional<Packet> with_fields(const Packet& connect, const ConnectFields& fields) {
  const auto old_id = client_id_of(connect);
  if (!old_id) return std::nullopt;
  const std::size_t flags = *flags_at(connect);
  const auto at = [&](std::size_t offset) {
    return connect.begin() + static_cast<std::ptrdiff_t>(offset);
  };
  Packet body(at(body_at(connect)), at(flags));
  const unsigned rest = connect[flags] & ~clean_flag;
  body.push_back(static_cast<std::uint8_t>(fields.clean_session ? rest | clean_flag : rest));
  append_u16(body, fields.keepalive);
  append_text(body, fields.client_id);
  const std::size_t behind_id = flags + 5 + old_id->size();
  if (!fields.username_is_empty) {
    body.insert(body.end(), at(behind_id), connect.end());
    return make_packet(connect[0], body);
  }
  const auto username =
      (rest & will_flag) != 0 ? skip_texts(connect, behind_id, 2) : std::optional(behind_id);
  const auto password = username ? skip_texts(connect, *username, 1) : std::nullopt;
  if (!password) return std::nullopt;
  body.insert(body.end(), at(behind_id), at(*username));
  append_text(body, {});
  body.insert(body.end(), at(*password), connect.end());
  return make_packet(connect[0], body);
}

}  // namespace mqtt_backend
