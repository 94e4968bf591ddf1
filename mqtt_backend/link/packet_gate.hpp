// Who may hold, change, repeat or lose the broker's packets on their way in: a fault that somebody
// asked for. A link works without one. Set by the program.
#pragma once

#include "mqtt_backend/link/packet.hpp"

#include <functional>

namespace mqtt_backend {

/// Takes a packet over. `pass` lets one in, at once or later, as often as it is called; it outlives
/// the link and then does nothing.
using PacketGate = std::function<void(Packet packet, std::function<void(Packet)> pass)>;

}  // namespace mqtt_backend
