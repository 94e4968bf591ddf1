#include "data_services/ppp/control_packet.hpp"

#include "data_services/ppp/octets.hpp"

namespace data_services::ppp {

std::optional<ControlPacket> parse_control(std::string_view packet) {
  constexpr auto header = ControlPacket::header;
  if (packet.size() < header) return std::nullopt;
  const auto length = read_u16(packet, 2);
  if (length < header || length > packet.size()) return std::nullopt;
  return ControlPacket{read_u8(packet, 0), read_u8(packet, 1),
                       packet.substr(header, length - header)};
}

std::string make_control(const ControlPacket& packet) {
  std::string bytes;
  bytes.reserve(ControlPacket::header + packet.data.size());
  append_u8(bytes, packet.code);
  append_u8(bytes, packet.id);
  append_u16(bytes, static_cast<unsigned>(ControlPacket::header + packet.data.size()));
  bytes += packet.data;
  return bytes;
}

}  // namespace data_services::ppp
