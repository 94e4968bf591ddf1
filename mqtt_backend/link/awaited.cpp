#include "mqtt_backend/link/awaited.hpp"

#include <optional>

namespace mqtt_backend {
namespace {

/// What a packet is answered with; a PINGREQ is counted apart.
std::optional<PacketType> answer_to(const Packet& packet) {
  switch (type_of(packet)) {
    case PacketType::connect:
      return PacketType::connack;
    case PacketType::publish:
      if (qos_of(packet) == 0) return std::nullopt;
      return qos_of(packet) == 1 ? PacketType::puback : PacketType::pubrec;
    case PacketType::pubrel:
      return PacketType::pubcomp;
    case PacketType::subscribe:
      return PacketType::suback;
    case PacketType::unsubscribe:
      return PacketType::unsuback;
    default:
      return std::nullopt;
  }
}

}  // namespace

void Awaited::sent(const Packet& packet, Sender sender) {
  if (const auto answer = answer_to(packet)) answers_.emplace(*answer, id_of(packet));
  if (type_of(packet) != PacketType::pingreq || !may_ping()) return;
  pings_.push_back(sender);
  if (sender == Sender::module) ++module_pings_;
}

bool Awaited::came(const Packet& packet) {
  if (type_of(packet) != PacketType::pingresp) {
    answers_.erase({type_of(packet), id_of(packet)});
    return true;
  }
  if (pings_.empty()) return true;
  const bool for_module = pings_.front() == Sender::module;
  pings_.pop_front();
  if (for_module) --module_pings_;
  return for_module;
}

}  // namespace mqtt_backend
