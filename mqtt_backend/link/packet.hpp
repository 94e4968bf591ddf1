// MQTT 3.1/3.1.1 packets as bytes: the few fields that a relay reads and patches in place. Pure
// functions on complete packets, as Framer cuts them; nothing here knows sockets or sessions.
// Functions that take a packet expect at least its fixed header to be well formed.
#pragma once

#include "mqtt_backend/packet_header.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mqtt_backend {

/// One complete packet, fixed header included.
using Packet = std::vector<std::uint8_t>;

/// How it looks from outside.
PacketHeader header_of(const Packet& packet);

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
