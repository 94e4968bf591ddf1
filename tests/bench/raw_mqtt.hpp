// As much of MQTT 3.1.1 as a bare socket needs to publish, or to be a broker that only sends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench::mqtt {

inline std::string with_length(std::string_view text) {
  return std::string{static_cast<char>(text.size() >> 8U), static_cast<char>(text.size())} +
         std::string(text);
}

inline std::string packet(char type_and_flags, std::string_view body) {
  std::string bytes{type_and_flags};
  auto rest = body.size();
  do {
    const auto digit = rest % 128;
    rest /= 128;
    bytes += static_cast<char>(digit | (rest > 0 ? 128U : 0U));
  } while (rest > 0);
  return bytes.append(body);
}

inline std::string connect(std::string_view client) {
  return packet(0x10, with_length("MQTT") + std::string{4, 2, 0, 120} + with_length(client));
}

inline std::string publish(int qos, std::uint16_t id, std::string_view topic,
                           std::string_view payload) {
  auto body = with_length(topic);
  if (qos > 0) body += {static_cast<char>(id >> 8U), static_cast<char>(id)};
  return packet(static_cast<char>(0x30 | (qos << 1)), body.append(payload));
}

inline const std::string connack{"\x20\x02\x00\x00", 4};

}  // namespace bench::mqtt
