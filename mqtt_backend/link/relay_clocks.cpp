// What a Relay knows of time: which answers are under way, and when the broker has to be pinged in
// the module's place.
#include "mqtt_backend/link/relay.hpp"

namespace mqtt_backend {

bool Relay::under_way() {
  if (state_ == State::closed || state_ == State::refused) return false;
  if (library_owes() || flights_.awaits_pubrel() || !deliveries_.empty()) return true;
  // What is not read cannot come.
  return awaited_.any() && !link_->held();
}

/// Whether a packet of the broker is for the module.
bool Relay::came(const Packet& packet) {
  constexpr std::size_t code_behind = 1;
  const std::size_t code_at = body_at(packet) + code_behind;
  const bool accepted = type_of(packet) == PacketType::connack && state_ == State::connecting &&
                        code_at < packet.size() && packet[code_at] == 0;
  if (accepted) stand_in_.start();
  return awaited_.came(packet);
}

void Relay::ping_as_stand_in() {
  if (state_ != State::connecting && state_ != State::connected) return;
  Packet ping = bare_packet(PacketType::pingreq);
  if (!awaited_.may_ping()) return;
  awaited_.sent(ping, Awaited::Sender::relay);
  link_->send(std::move(ping), stand_in_tag);
}

}  // namespace mqtt_backend
