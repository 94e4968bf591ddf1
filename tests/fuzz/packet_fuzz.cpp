// Any bytes from a broker: framing and rules must neither crash nor read beyond the packet.
#include "mqtt_backend/link/framer.hpp"
#include "mqtt_backend/link/packet.hpp"
#include "mqtt_backend/link/server_rules.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t cap = 4096;
  mqtt_backend::Framer framer(cap);
  framer.append(data, size);
  mqtt_backend::Packet packet;
  while (framer.next(packet) == mqtt_backend::Framer::Result::packet) {
    if (packet.size() > cap) std::abort();
    if (mqtt_backend::fault_of_server_packet(packet)) continue;
    const auto id = mqtt_backend::id_of(packet);
    mqtt_backend::set_id(packet, static_cast<std::uint16_t>(id + 1));
    if (mqtt_backend::fault_of_server_packet(packet) && id != 0xFFFF) std::abort();
  }
  return 0;
}
