#include "data_services/ppp/translation.hpp"

#include <optional>

namespace data_services::ppp {
namespace {

constexpr std::size_t source_at = 12;
constexpr std::size_t destination_at = 16;
constexpr std::size_t header_check_at = 10;
constexpr std::size_t source_port_at = 0;
constexpr std::size_t destination_port_at = 2;

unsigned octet(std::string_view octets, std::size_t at) {
  return static_cast<unsigned char>(octets[at]);
}

std::uint16_t read_16(std::string_view octets, std::size_t at) {
  return static_cast<std::uint16_t>((octet(octets, at) << 8U) | octet(octets, at + 1));
}

void write_16(std::string& octets, std::size_t at, std::uint16_t value) {
  octets[at] = static_cast<char>(value >> 8U);
  octets[at + 1] = static_cast<char>(value & 0xFFU);
}

/// A checksum after one of its 16-bit words has changed (RFC 1624, equation 3).
std::uint16_t updated(std::uint16_t check, std::uint16_t before, std::uint16_t now) {
  std::uint32_t sum = static_cast<std::uint16_t>(~check);
  sum += static_cast<std::uint16_t>(~before);
  sum += now;
  sum = (sum & 0xFFFFU) + (sum >> 16U);
  sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

/// Where the checksum of TCP or UDP stands in a packet; nothing where it has none.
std::optional<std::size_t> check_at(const std::string& packet, const IpPacket& parsed) {
  constexpr std::size_t in_tcp = 16;
  constexpr std::size_t in_udp = 6;
  const auto at = parsed.header.size() + (parsed.protocol == ip_protocol::tcp ? in_tcp : in_udp);
  const bool is_absent = parsed.protocol == ip_protocol::udp && read_16(packet, at) == 0;
  return is_absent ? std::nullopt : std::optional(at);
}

/// The end whose address stands at `address_at` and whose port at `port_at` becomes another.
void replace(std::string& packet, std::size_t address_at, std::size_t port_at,
             const Endpoint& end) {
  const auto parsed = *parse_ip(packet);
  const auto transport = parsed.header.size();
  const auto check = check_at(packet, parsed);
  const auto change = [&](std::size_t at, std::uint16_t now, bool in_header) {
    const auto before = read_16(packet, at);
    write_16(packet, at, now);
    if (in_header)
      write_16(packet, header_check_at, updated(read_16(packet, header_check_at), before, now));
    if (!check) return;
    const auto now_right = updated(read_16(packet, *check), before, now);
    // Zero would say that there is none (RFC 768).
    const bool is_udp = parsed.protocol == ip_protocol::udp;
    write_16(packet, *check, is_udp && now_right == 0 ? std::uint16_t{0xFFFF} : now_right);
  };
  change(address_at, static_cast<std::uint16_t>(end.address >> 16U), true);
  change(address_at + 2, static_cast<std::uint16_t>(end.address & 0xFFFFU), true);
  change(transport + port_at, end.port, false);
}

struct Ends {
  Endpoint from;
  Endpoint to;
};

std::optional<Ends> ends_of(const IpPacket& packet) {
  if (const auto tcp = parse_tcp(packet))
    return Ends{{packet.source, tcp->source}, {packet.destination, tcp->destination}};
  if (const auto udp = parse_udp(packet))
    return Ends{{packet.source, udp->source}, {packet.destination, udp->destination}};
  return std::nullopt;
}

}  // namespace

bool Translation::lead(std::string& packet, const Endpoint& real) {
  const auto parsed = parse_ip(packet);
  const auto ends = parsed ? ends_of(*parsed) : std::nullopt;
  if (!ends) return false;
  const Flow flow{parsed->protocol, ends->from.port, real.address, real.port};
  const auto [place, is_new] = asked_.insert_or_assign(flow, ends->to);
  if (is_new) {
    order_.push_back(flow);
    if (order_.size() > max_flows) {
      asked_.erase(order_.front());
      order_.pop_front();
    }
  }
  replace(packet, destination_at, destination_port_at, real);
  return true;
}

void Translation::lead_back(std::string& packet) const {
  const auto parsed = parse_ip(packet);
  const auto ends = parsed ? ends_of(*parsed) : std::nullopt;
  if (!ends) return;
  const auto found =
      asked_.find({parsed->protocol, ends->to.port, ends->from.address, ends->from.port});
  if (found == asked_.end()) return;
  replace(packet, source_at, source_port_at, found->second);
}

}  // namespace data_services::ppp
