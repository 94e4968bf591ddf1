#include "mqtt_backend/link/flights.hpp"

#include <algorithm>

namespace mqtt_backend {

bool Flights::expect(Ticket ticket, const Flight& flight, std::uint16_t wanted_id) {
  if (flights_.size() >= max_flights) return false;
  const bool numbered = flight.type != PacketType::publish || flight.qos > 0;
  const std::uint16_t id = numbered ? usable_id(wanted_id) : std::uint16_t{0};
  Flight& added = flights_[ticket];
  added = flight;
  added.wire_id = id;
  expected_.push_back(ticket);
  return true;
}

std::optional<Flights::Found> Flights::arrived(Packet& packet) {
  if (expected_.empty()) return std::nullopt;
  const Ticket ticket = expected_.front();
  Flight& flight = flights_.at(ticket);
  if (flight.type != type_of(packet)) return std::nullopt;
  if (flight.type == PacketType::publish && flight.qos != qos_of(packet)) return std::nullopt;
  expected_.pop_front();
  flight.arrived = true;
  if (flight.wire_id != 0) {
    flight.library_id = id_of(packet);
    set_id(packet, flight.wire_id);
    flight.packet = packet;
  }
  return Found{ticket, &flight};
}

std::optional<Flights::Found> Flights::on_wire(std::uint16_t wire_id) {
  for (auto& [ticket, flight] : flights_) {
    if (flight.arrived && flight.wire_id == wire_id) return Found{ticket, &flight};
  }
  return std::nullopt;
}

std::optional<Flights::Found> Flights::in_library(std::uint16_t library_id) {
  for (auto& [ticket, flight] : flights_) {
    if (flight.arrived && flight.qos == 2 && flight.type == PacketType::publish &&
        flight.library_id == library_id)
      return Found{ticket, &flight};
  }
  return std::nullopt;
}

Flight* Flights::find(Ticket ticket) {
  const auto found = flights_.find(ticket);
  return found == flights_.end() ? nullptr : &found->second;
}

bool Flights::awaits_pubrel() const {
  return std::any_of(flights_.begin(), flights_.end(), [](const auto& entry) {
    return entry.second.received && entry.second.pubrel.empty();
  });
}

void Flights::finish(Ticket ticket) { flights_.erase(ticket); }

std::uint16_t Flights::usable_id(std::uint16_t wanted_id) const {
  if (wanted_id != 0 && !in_use(wanted_id)) return wanted_id;
  // Hosts count up from 1 and try 65535. max_flights is far below the rest, so one is free.
  std::uint16_t id = 0xEFFF;
  while (in_use(id)) --id;
  return id;
}

bool Flights::in_use(std::uint16_t wire_id) const {
  return std::any_of(flights_.begin(), flights_.end(),
                     [&](const auto& entry) { return entry.second.wire_id == wire_id; });
}

}  // namespace mqtt_backend
