// The packets that pass a Relay: first what the broker sends, then what the MQTT library sends.
#include "mqtt_backend/link/relay.hpp"
#include "mqtt_backend/link/server_rules.hpp"

#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mqtt_backend {

void Relay::on_link_packet(Packet packet) {
  show(Direction::received, packet);
  // After a refusal the broker has nothing more to say that counts.
  if (state_ == State::refused || state_ == State::closed || state_ == State::draining) return;
  if (auto fault = fault_of_server_packet(packet))
    return down(DownReason::protocol_error, std::move(*fault));
  const PacketType type = type_of(packet);
  const bool greeted = state_ == State::connected || state_ == State::disconnecting;
  if (state_ == State::established || (state_ == State::connecting && !hop_))
    return down(DownReason::protocol_error, fmt::format("{} before CONNECT", name_of(type)));
  if (!greeted && type != PacketType::connack)
    return down(DownReason::protocol_error, fmt::format("{} before CONNACK", name_of(type)));
  switch (type) {
    case PacketType::connack:
      return on_connack(std::move(packet));
    case PacketType::publish:
      return on_publish(std::move(packet));
    case PacketType::pubrel:
      return on_pubrel(std::move(packet));
    case PacketType::pingresp:
      return on_pong();
    default:
      return on_ack(std::move(packet));
  }
}

bool Relay::inject(Packet packet) {
  if (state_ != State::connected) return false;
  if (type_of(packet) == PacketType::publish && qos_of(packet) > 0) {
    if (id_of(packet) == 0) set_id(packet, free_id());
    injected_.insert(id_of(packet));
  }
  on_link_packet(std::move(packet));
  return true;
}

/// Of the identifiers that brokers come to last.
std::uint16_t Relay::free_id() const {
  std::uint16_t id = 0xFFFF;
  while (id > 1 && (injected_.count(id) > 0 || store_->find(id) != nullptr)) --id;
  return id;
}

/// The library's answer to a message that was injected; true when it is one.
bool Relay::answers_injected(const Packet& packet) {
  const auto id = id_of(packet);
  if (injected_.count(id) == 0) return false;
  if (type_of(packet) != PacketType::pubrec) {
    injected_.erase(id);
    return true;
  }
  auto release = packet;
  release[0] = static_cast<std::uint8_t>(static_cast<unsigned>(PacketType::pubrel) << 4U | 0x02U);
  on_link_packet(std::move(release));
  return true;
}

void Relay::on_connack(Packet packet) {
  constexpr unsigned session_present = 0x01;
  if (state_ != State::connecting) return down(DownReason::protocol_error, "a second CONNACK");
  const std::size_t body = body_at(packet);
  const unsigned flags = packet[body];
  // In version 3 the byte is reserved and means nothing.
  if (request_.version != 3 && (flags & ~session_present) != 0)
    return down(DownReason::protocol_error, "CONNACK: wrong flags");
  const int code = packet[body + 1];
  const bool resumed = (flags & session_present) != 0;
  const bool session_lost = request_.version != 3 && !resumed;
  if (code == 0 && (request_.clean_session || session_lost)) store_->clear();
  state_ = code == 0 ? State::connected : State::refused;
  emit(link_event::ConnAck{code, resumed});
  to_hop(std::move(packet));
}

void Relay::on_ack(Packet packet) {
  const PacketType type = type_of(packet);
  const auto found = flights_.on_wire(id_of(packet));
  // An answer to nothing, or one more of the same, must not meet a reused identifier in the
  // library.
  if (!found) return spdlog::debug("mqtt link: {} without a request", name_of(type));
  const Flight& flight = *found->flight;
  const bool publish = flight.type == PacketType::publish;
  if (publish && flight.qos == 2 && type == PacketType::pubrec && !flight.received)
    return on_received(std::move(packet), *found);
  const bool final_answer =
      (type == PacketType::suback && flight.type == PacketType::subscribe) ||
      (type == PacketType::unsuback && flight.type == PacketType::unsubscribe) ||
      (type == PacketType::puback && publish && flight.qos == 1) ||
      (type == PacketType::pubcomp && publish && !flight.pubrel.empty());
  if (!final_answer) return spdlog::debug("mqtt link: {} does not fit", name_of(type));
  link_event::Acked acked{found->ticket, {}};
  if (type == PacketType::suback) {
    const auto codes = packet.begin() + static_cast<std::ptrdiff_t>(body_at(packet) + 2);
    acked.codes.assign(codes, packet.end());
    const bool fits = acked.codes.size() == flight.topics;
    // It answers an earlier SUBSCRIBE that was sent twice under the same id.
    if (!fits && repeated_subscribes_.count(flight.wire_id) > 0)
      return spdlog::debug("mqtt link: SUBACK of an earlier SUBSCRIBE");
    if (!fits) return down(DownReason::protocol_error, "SUBACK: wrong number of return codes");
  }
  set_id(packet, flight.library_id);
  flights_.finish(found->ticket);
  emit(std::move(acked));
  to_hop(std::move(packet));
}

void Relay::on_received(Packet packet, const Flights::Found& found) {
  found.flight->received = true;
  set_id(packet, found.flight->library_id);
  emit(link_event::Received{found.ticket});
  to_hop(std::move(packet));
}

void Relay::on_publish(Packet packet) {
  if (qos_of(packet) < 2) {
    deliveries_.push(id_of(packet), packet);
  } else if (!store_->keep(packet)) {
    return down(DownReason::internal, "too many qos 2 messages without PUBREL");
  }
  to_hop(std::move(packet));
}

void Relay::on_pubrel(Packet packet) {
  const std::uint16_t id = id_of(packet);
  const Qos2Store::Release release = store_->release(id);
  if (release != Qos2Store::Release::unknown) {
    const Packet& publish = *store_->find(id);
    deliveries_.push(id, publish);
    if (release == Qos2Store::Release::inherited) {
      Packet again = publish;
      set_dup(again, false);
      hidden_pubrecs_.insert(id);
      // Both or none: behind a long message the hop may have no room.
      again.insert(again.end(), packet.begin(), packet.end());
      return to_hop(std::move(again));
    }
  }
  to_hop(std::move(packet));
}

void Relay::on_pong() {
  if (pings_ == 0) return;
  --pings_;
  emit(link_event::Pong{});
}

void Relay::on_hop_packet(Packet packet) {
  if (state_ == State::closed || state_ == State::draining) return;
  watch_.heard();
  switch (type_of(packet)) {
    case PacketType::subscribe:
    case PacketType::unsubscribe:
    case PacketType::publish:
      return on_library_request(std::move(packet));
    case PacketType::pubrel:
      return on_library_pubrel(std::move(packet));
    case PacketType::puback:
    case PacketType::pubrec:
    case PacketType::pubcomp:
      return on_library_ack(std::move(packet));
    case PacketType::pingreq:
      return to_hop(bare_packet(PacketType::pingresp));
    case PacketType::disconnect:
      return on_library_disconnect();
    default:
      return down(DownReason::internal, fmt::format("{} from the mqtt library is out of place",
                                                    name_of(type_of(packet))));
  }
}

void Relay::on_library_request(Packet packet) {
  // A repetition is the host's affair; the library has no order to repeat anything.
  if (type_of(packet) == PacketType::publish && dup_of(packet)) return;
  const auto found = flights_.arrived(packet);
  if (!found)
    return down(DownReason::internal,
                fmt::format("unexpected {} from the mqtt library", name_of(type_of(packet))));
  const bool done_when_written = found->flight->wire_id == 0;
  to_link(std::move(packet), done_when_written ? found->ticket : 0);
}

void Relay::on_library_pubrel(Packet packet) {
  const auto found = flights_.in_library(id_of(packet));
  if (!found || !found->flight->received || !found->flight->pubrel.empty()) return;
  set_id(packet, found->flight->wire_id);
  found->flight->pubrel = packet;
  to_link(std::move(packet));
}

void Relay::on_library_ack(Packet packet) {
  const std::uint16_t id = id_of(packet);
  if (type_of(packet) == PacketType::pubrec && hidden_pubrecs_.erase(id) > 0) return;
  if (type_of(packet) == PacketType::pubcomp) store_->finish(id);
  if (answers_injected(packet)) return;
  to_link(std::move(packet));
}

void Relay::on_library_disconnect() {
  // Only an order of the host opens this gate; the library also says goodbye when it is destroyed.
  if (state_ == State::disconnecting && !disconnect_passed_) send_disconnect();
}

void Relay::on_hop_ended() {
  if (state_ == State::connecting || state_ == State::connected)
    return down(DownReason::internal, "the mqtt library dropped the loopback hop");
  if (hop_) hop_->reset();
  if (state_ == State::disconnecting && !disconnect_passed_) send_disconnect();
}

void Relay::on_library_message(PahoMessage message) {
  if (state_ == State::closed) return;
  const auto delivery = deliveries_.take(message.topic, message.qos);
  if (!delivery)
    return down(DownReason::internal, "the mqtt library delivered a message that was not sent");
  if (delivery->qos == 2) store_->delivered(delivery->id);
  emit(link_event::Message{delivery->id, delivery->qos, message.retain, delivery->dup,
                           std::move(message.topic), std::move(message.payload)});
  if (state_ == State::draining && deliveries_.empty()) return end(*draining_for_);
  apply_back_pressure();
}

}  // namespace mqtt_backend
