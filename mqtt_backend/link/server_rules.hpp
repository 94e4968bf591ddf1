// What a broker may send. Every packet from the real link passes here before anything acts on it
// or the MQTT library sees it. Pure, without state: order of packets is the relay's concern.
#pragma once

#include "mqtt_backend/link/packet.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace mqtt_backend {

/// Highest CONNACK return code that MQTT 3.1.1 defines.
constexpr int max_connack_code = 5;

/// False when no packet of a broker can begin so: type, flags and length do not fit together.
bool is_server_header(std::uint8_t first, std::size_t body);

/// Why `packet` breaks the protocol, or nothing when it is well formed.
std::optional<std::string> fault_of_server_packet(const Packet& packet);

}  // namespace mqtt_backend
