#include "data_services/ppp/packet_filter.hpp"

#include "data_services/ppp/octets.hpp"

#include <algorithm>

namespace data_services::ppp {
namespace {

constexpr std::uint16_t dns_port = 53;
constexpr Address host_part = 0xFF;

/// Where a TCP or UDP packet goes to; later fragments do not say.
std::optional<Endpoint> endpoint_of(const IpPacket& packet) {
  constexpr std::size_t ports = 4;
  const bool has_ports = packet.protocol == ip_protocol::tcp || packet.protocol == ip_protocol::udp;
  if (!has_ports || packet.fragment_offset != 0 || packet.payload.size() < ports)
    return std::nullopt;
  return Endpoint{packet.destination, read_u16(packet.payload, 2)};
}

}  // namespace

PacketFilter::Ruling PacketFilter::judge(std::string_view octets) {
  const auto packet = parse_ip(octets);
  auto ruling = packet ? rule(*packet) : Ruling{Verdict::drop, Why::no_ipv4};
  ruling.packet = packet;
  count(ruling.why);
  return ruling;
}

/// reading: what leaves the machine without leave is refused with ICMP, so that a host learns of it
/// at once; what no router would answer is dropped
PacketFilter::Ruling PacketFilter::rule(const IpPacket& packet) const {
  const auto to = packet.destination;
  if (packet.source != rules_.address) return {Verdict::drop, Why::foreign_source};
  if (is_special(to)) return {Verdict::drop, Why::special};
  if (is_in_own_net(to) && ((to & host_part) == host_part || (to & host_part) == 0))
    return {Verdict::drop, Why::special};
  const auto endpoint = endpoint_of(packet);
  if (is_offered_server(to) && endpoint && endpoint->port == dns_port)
    return {Verdict::to_resolver};
  if (to == rules_.alias) return {Verdict::to_alias};
  if (to == rules_.gateway) return {Verdict::to_module};
  if (is_named(packet)) return {Verdict::to_named};
  if (is_in_own_net(to))
    return is_offered_server(to) ? Ruling{Verdict::to_module}
                                 : Ruling{Verdict::refuse, Why::own_net};
  if (rules_.reach == Reach::everywhere) return {Verdict::to_far};
  return {Verdict::refuse, Why::out_of_reach};
}

bool PacketFilter::is_offered_server(Address address) const {
  return std::find(rules_.dns.begin(), rules_.dns.end(), address) != rules_.dns.end();
}

bool PacketFilter::is_in_own_net(Address address) const {
  return (address & ~host_part) == (rules_.address & ~host_part);
}

bool PacketFilter::is_named(const IpPacket& packet) const {
  const auto endpoint = endpoint_of(packet);
  return endpoint && rules_.is_named && rules_.is_named(*endpoint);
}

void PacketFilter::count(Why why) {
  switch (why) {
    case Why::fine:
      ++counters_.passed;
      break;
    case Why::no_ipv4:
      ++counters_.no_ipv4;
      break;
    case Why::foreign_source:
      ++counters_.foreign_source;
      break;
    case Why::special:
      ++counters_.special;
      break;
    case Why::own_net:
      ++counters_.own_net;
      break;
    case Why::out_of_reach:
      ++counters_.out_of_reach;
      break;
  }
}

Unreachable told(PacketFilter::Why why) {
  return why == PacketFilter::Why::own_net ? Unreachable::host : Unreachable::net;
}

}  // namespace data_services::ppp
