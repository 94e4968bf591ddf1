#include "data_services/ppp/flow_limit.hpp"

namespace data_services::ppp {

namespace {

bool begins_connection(const TcpSegment& segment) {
  constexpr unsigned syn = 0x02;
  constexpr unsigned ack = 0x10;
  return (segment.flags & (syn | ack)) == syn;
}

}  // namespace

/// Of a packet in parts the first one decides. An echo request has a socket to itself.
bool FlowLimit::admits(const IpPacket& packet, std::size_t open) {
  if (packet.fragment_offset != 0) return true;
  const bool is_full = open >= max_sockets;
  if (const auto segment = parse_tcp(packet)) return !is_full || !begins_connection(*segment);
  const auto datagram = parse_udp(packet);
  if (!datagram) return !is_full;
  if (udp_ports_.count(datagram->source) > 0) return true;
  if (is_full) return false;
  if (udp_ports_.size() == max_sockets) udp_ports_.clear();
  udp_ports_.insert(datagram->source);
  return true;
}

}  // namespace data_services::ppp
