// What is in the body of an MQTT packet that an onlooker was shown: payload, return codes, filters
// (MQTT 3.1.1, chapter 3). A packet may be cut or malformed: then there is less. Pure.
#pragma once

#include "mqtt_backend/packet_header.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mqtt_backend {

struct Payload {
  std::string_view kept;   // its beginning
  std::size_t length = 0;  // the whole
};

/// Of a PUBLISH. The view holds as long as `packet`.
[[nodiscard]] Payload payload_in(const PacketHeader& packet);

/// The return codes of a CONNACK (one) or SUBACK (one a topic); else none.
[[nodiscard]] std::vector<std::uint64_t> codes_in(const PacketHeader& packet);

/// Whether a CONNACK says that the broker has the session of an earlier link.
[[nodiscard]] bool session_in(const PacketHeader& packet);

struct Filters {
  std::vector<std::string> topics;
  std::vector<std::uint64_t> qoss;  // of a SUBSCRIBE
};

/// Of a SUBSCRIBE or UNSUBSCRIBE; else none.
[[nodiscard]] Filters filters_in(const PacketHeader& packet);

}  // namespace mqtt_backend
