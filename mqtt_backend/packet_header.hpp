// An MQTT packet as an onlooker sees it: what it is, how long, its topic, and the beginning of what
// is in it, but nothing of a CONNECT, which has credentials (MQTT 3.1.1, chapter 2). Plain values,
// read from the bytes by the link; what `body` says is told by packet_contents.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mqtt_backend {

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
constexpr const char* name_of(PacketType type) {
  constexpr std::array names = {"reserved 0", "CONNECT",  "CONNACK",     "PUBLISH",
                                "PUBACK",     "PUBREC",   "PUBREL",      "PUBCOMP",
                                "SUBSCRIBE",  "SUBACK",   "UNSUBSCRIBE", "UNSUBACK",
                                "PINGREQ",    "PINGRESP", "DISCONNECT",  "reserved 15"};
  return names[static_cast<std::size_t>(type) & 0x0F];
}

/// As seen from the module.
enum class Direction { sent, received };

struct PacketHeader {
  PacketType type;
  unsigned flags;       // the low four bits of the first byte; of a PUBLISH: DUP, qos, RETAIN
  std::uint16_t id;     // as on the wire; 0 for a packet that has none
  std::size_t length;   // bytes, the fixed header included
  std::string topic{};  // of a PUBLISH
  std::string body{};   // what follows the fixed header, as far as it is kept

  /// Bytes of the body that are kept.
  static constexpr std::size_t most_body = 4096;
};

}  // namespace mqtt_backend
