// MQTT 3.1/3.1.1 packets as bytes: the few fields that a relay reads and patches in place. Pure
// functions on complete packets, as Framer cuts them; nothing here knows sockets or sessions.
// Functions that take a packet expect at least its fixed header to be well formed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mqtt_backend {

/// One complete packet, fixed header included.
using Packet = std::vector<std::uint8_t>;

enum class PacketType : std::uint8_t {
  reserved_0 = 0,
  connect = 1,
  connack = 2,
  publish = 3,
  puback = 4,
  pubrec = 5,
  pubrel = 6,
  pubcomp = 7,
  subscribe = 8,
  suback = 9,
  unsubscribe = 10,
  unsuback = 11,
  pingreq = 12,
  pingresp = 13,
  disconnect = 14,
  reserved_15 = 15,
};

/// The specification's name, as "PUBLISH".
const char* name_of(PacketType type);

PacketType type_of(const Packet& packet);
int qos_of(const Packet& packet);
bool dup_of(const Packet& packet);
bool retain_of(const Packet& packet);
void set_dup(Packet& packet, bool dup);

/// Where the variable header starts.
std::size_t body_at(const Packet& packet);

/// Where the packet identifier is; nothing when the packet has none or is too short for it.
std::optional<std::size_t> id_at(const Packet& packet);

/// The packet identifier, 0 when there is none.
std::uint16_t id_of(const Packet& packet);

/// Overwrites the packet identifier; does nothing to a packet without one.
void set_id(Packet& packet, std::uint16_t id);

/// Topic of a PUBLISH; nothing when its length runs over the end of the packet.
std::optional<std::string_view> topic_of(const Packet& packet);

/// Big-endian 16 bits at `offset`, which must be inside.
std::uint16_t read_u16(const Packet& packet, std::size_t offset);
void append_u16(Packet& packet, std::uint16_t value);
void append_text(Packet& packet, std::string_view text);

/// Puts a fixed header with `first` (type and flags) in front of `body`.
Packet make_packet(std::uint8_t first, const Packet& body);

/// A packet that is nothing but its fixed header: PINGREQ, PINGRESP, DISCONNECT.
Packet bare_packet(PacketType type);

}  // namespace mqtt_backend
