// Reading and rewriting CONNECT. The MQTT library is given a one-time nonce as its client id, no
// keepalive and a clean session; what the broker must see is put in here. Pure.
#pragma once

#include "mqtt_backend/link/packet.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mqtt_backend {

/// The fields of CONNECT that the relay overwrites. `keepalive` is in seconds, 0 = off.
struct ConnectFields {
  std::string client_id;
  std::uint16_t keepalive = 0;
  bool clean_session = true;
  bool username_is_empty = false;  // the library drops an empty username; it was given another one
};

/// The client id of a CONNECT; nothing when the packet is not one or is malformed.
std::optional<std::string_view> client_id_of(const Packet& packet);

/// The same CONNECT with `fields` in it; nothing when the packet is malformed.
std::optional<Packet> with_fields(const Packet& connect, const ConnectFields& fields);

}  // namespace mqtt_backend
