#include "mqtt_backend/packet_contents.hpp"

#include <algorithm>
#include <optional>

namespace mqtt_backend {
namespace {

constexpr std::size_t length_size = 2;

std::uint8_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

/// Takes a text with its length from the front.
std::optional<std::string_view> take_text(std::string_view& rest) {
  if (rest.size() < length_size) return std::nullopt;
  const std::size_t length = std::size_t{byte_at(rest, 0)} << 8U | byte_at(rest, 1);
  if (rest.size() < length_size + length) return std::nullopt;
  const auto text = rest.substr(length_size, length);
  rest.remove_prefix(length_size + length);
  return text;
}

/// The body's size by the packet's, whose fixed header says it in one byte for each 7 bits.
std::size_t body_size(std::size_t packet) {
  for (std::size_t digits = 1, limit = 128; digits <= 4; ++digits, limit *= 128)
    if (packet >= 1 + digits && packet - 1 - digits < limit) return packet - 1 - digits;
  return 0;
}

}  // namespace

Payload payload_in(const PacketHeader& packet) {
  if (packet.type != PacketType::publish) return {};
  std::string_view rest = packet.body;
  const std::size_t id = (packet.flags >> 1U & 3U) == 0 ? 0 : length_size;
  const auto topic = take_text(rest);
  if (!topic || rest.size() < id) return {};
  rest.remove_prefix(id);
  const auto before = packet.body.size() - rest.size();
  const auto whole = body_size(packet.length);
  return {rest, std::max(whole, packet.body.size()) - before};
}

std::vector<std::uint64_t> codes_in(const PacketHeader& packet) {
  std::string_view rest = packet.body;
  if (packet.type != PacketType::connack && packet.type != PacketType::suback) return {};
  const std::size_t before = packet.type == PacketType::connack ? 1 : length_size;
  if (rest.size() <= before) return {};
  rest.remove_prefix(before);
  std::vector<std::uint64_t> codes;
  for (std::size_t i = 0; i < rest.size(); ++i) codes.push_back(byte_at(rest, i));
  return codes;
}

bool session_in(const PacketHeader& packet) {
  return packet.type == PacketType::connack && !packet.body.empty() &&
         (byte_at(packet.body, 0) & 1U) != 0;
}

Filters filters_in(const PacketHeader& packet) {
  const bool subscribes = packet.type == PacketType::subscribe;
  Filters filters;
  std::string_view rest = packet.body;
  if ((!subscribes && packet.type != PacketType::unsubscribe) || rest.size() < length_size)
    return filters;
  rest.remove_prefix(length_size);
  while (const auto topic = take_text(rest)) {
    if (subscribes && rest.empty()) break;
    filters.topics.emplace_back(*topic);
    if (!subscribes) continue;
    filters.qoss.push_back(byte_at(rest, 0));
    rest.remove_prefix(1);
  }
  return filters;
}

}  // namespace mqtt_backend
