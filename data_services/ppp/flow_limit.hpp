// How many sockets of this process one data call may take: a packet that would need another one is
// lost, as in a network whose translation is full, and hosts send again. What is under way goes on.
// Pure; owned by a network for packets.
#pragma once

#include "data_services/ppp/ip_packet.hpp"

#include <cstddef>
#include <cstdint>
#include <set>

namespace data_services::ppp {

class FlowLimit {
 public:
  /// Of one data call. Ports of UDP that were in use and have rested may come on top, as many at
  /// most.
  static constexpr std::size_t max_sockets = 512;

  /// Whether `packet`, a host's, may pass while so many sockets are open.
  [[nodiscard]] bool admits(const IpPacket& packet, std::size_t open);

 private:
  std::set<std::uint16_t> udp_ports_;  // the host's, of what was admitted last
};

}  // namespace data_services::ppp
