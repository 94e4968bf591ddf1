// Which answers a broker owes for the packets that it was sent. PINGRESPs come in the order of
// their PINGREQs, so it is known which are for the module, and which for a PINGREQ that the relay
// sent in its place. Owned by each Relay; pure.
#pragma once

#include "mqtt_backend/link/packet.hpp"
#include "mqtt_backend/link/queue.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>

namespace mqtt_backend {

class Awaited {
 public:
  /// PINGREQs without an answer that are kept in mind.
  static constexpr std::size_t max_pings = 1024;

  enum class Sender { module, relay };

  void sent(const Packet& packet, Sender sender = Sender::module);

  /// The broker's packet is here. Answers whether it is for the module.
  bool came(const Packet& packet);

  /// Whether something is owed to the module.
  [[nodiscard]] bool any() const { return !answers_.empty() || module_pings_ > 0; }

  /// Whether another PINGREQ can be told from the others.
  [[nodiscard]] bool may_ping() const { return pings_.size() < max_pings; }

 private:
  std::set<std::pair<PacketType, std::uint16_t>> answers_;
  Queue<Sender> pings_;
  std::size_t module_pings_ = 0;
};

}  // namespace mqtt_backend
