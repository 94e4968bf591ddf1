// The host's SUBSCRIBE, UNSUBSCRIBE and PUBLISH exchanges of one link: which packet is expected
// from the MQTT library next, which identifier it has there and on the wire, and what to send
// again. Owned by one Relay; pure. The library numbers packets 1, 2, 3; the wire carries the host's
// ids.
#pragma once

#include "mqtt_backend/link.hpp"
#include "mqtt_backend/link/packet.hpp"
#include "mqtt_backend/link/queue.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

namespace mqtt_backend {

struct Flight {
  PacketType type = PacketType::publish;
  int qos = 0;
  std::size_t topics = 0;  // of a SUBSCRIBE
  std::uint16_t wire_id = 0;
  std::uint16_t library_id = 0;
  bool arrived = false;   // the library's packet has come
  bool received = false;  // PUBREC has come
  Packet packet;          // as on the wire
  Packet pubrel;          // as on the wire, once the library sent it
};

class Flights {
 public:
  /// Most exchanges under way on one link, those of qos 0 included.
  static constexpr std::size_t max_flights = 1024;

  struct Found {
    Ticket ticket;
    Flight* flight;
  };

  /// Announces the next packet of the library. `wanted_id` 0 or in use is replaced by a free one.
  /// False when there are too many.
  bool expect(Ticket ticket, const Flight& flight, std::uint16_t wanted_id);

  /// True while the library still owes a packet.
  bool expecting() const { return !expected_.empty(); }

  /// True while it owes a PUBREL, as PUBREC has come.
  bool awaits_pubrel() const;

  /// A packet came from the library: gives it its identifier on the wire and keeps what resending
  /// needs. Nothing when it is not the one expected.
  std::optional<Found> arrived(Packet& packet);

  /// The flight that waits on the wire for an answer with `wire_id`.
  std::optional<Found> on_wire(std::uint16_t wire_id);

  /// The qos 2 flight that has `library_id` in the library.
  std::optional<Found> in_library(std::uint16_t library_id);

  Flight* find(Ticket ticket);
  void finish(Ticket ticket);

 private:
  std::uint16_t usable_id(std::uint16_t wanted_id) const;
  bool in_use(std::uint16_t wire_id) const;

  std::map<Ticket, Flight> flights_;
  Queue<Ticket> expected_;
};

}  // namespace mqtt_backend
