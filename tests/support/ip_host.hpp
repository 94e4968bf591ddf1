// IPv4 packets of a host in tests: UDP, ICMP, and TCP as far as one conversation needs it. Every
// checksum is made and checked here. Owned by a test.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace support {

using IpAddress = std::uint32_t;

inline void put_16(std::string& bytes, unsigned value) {
  bytes += static_cast<char>((value >> 8U) & 0xFFU);
  bytes += static_cast<char>(value & 0xFFU);
}
inline void put_32(std::string& bytes, std::uint32_t value) {
  put_16(bytes, value >> 16U);
  put_16(bytes, value & 0xFFFFU);
}
inline std::uint32_t take(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + size; ++i)
    value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
  return value;
}
/// Zero over what has a right one.
inline unsigned ip_checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2)
    sum += i + 1 < bytes.size() ? take(bytes, i, 2) : take(bytes, i, 1) << 8U;
  while (sum > 0xFFFF) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return ~sum & 0xFFFFU;
}

/// One packet as it was received, with what was right about it.
struct ReceivedPacket {
  unsigned protocol = 0;
  IpAddress from = 0;
  IpAddress to = 0;
  std::string payload{};
  bool is_right = false;  // header and transport check
};

constexpr unsigned icmp = 1;
constexpr unsigned tcp = 6;
constexpr unsigned udp = 17;

inline std::string pseudo_header(unsigned protocol, IpAddress from, IpAddress to,
                                 std::size_t size) {
  std::string bytes;
  put_32(bytes, from);
  put_32(bytes, to);
  put_16(bytes, protocol);
  put_16(bytes, static_cast<unsigned>(size));
  return bytes;
}

inline ReceivedPacket parse_packet(const std::string& packet) {
  ReceivedPacket got;
  const auto header = (take(packet, 0, 1) & 0xFU) * 4;
  got.protocol = take(packet, 9, 1);
  got.from = take(packet, 12, 4);
  got.to = take(packet, 16, 4);
  got.payload = packet.substr(header, take(packet, 2, 2) - header);
  const auto pseudo = got.protocol == icmp
                          ? std::string()
                          : pseudo_header(got.protocol, got.from, got.to, got.payload.size());
  got.is_right =
      ip_checksum(packet.substr(0, header)) == 0 && ip_checksum(pseudo + got.payload) == 0;
  return got;
}

class IpHost {
 public:
  explicit IpHost(IpAddress address) : address_(address) {}

  [[nodiscard]] std::string ping(IpAddress to, std::string_view data) const {
    std::string message("\x08\x00\x00\x00\x12\x34\x00\x01", 8);
    message += data;
    return packet(icmp, to, with_check(message, 2, {}));
  }
  [[nodiscard]] std::string datagram(IpAddress to, unsigned from_port, unsigned to_port,
                                     std::string_view data) const {
    std::string message;
    put_16(message, from_port);
    put_16(message, to_port);
    put_16(message, static_cast<unsigned>(data.size() + 8));
    put_16(message, 0);
    message += data;
    return packet(udp, to,
                  with_check(message, 6, pseudo_header(udp, address_, to, message.size())));
  }
  /// `flags`: FIN 1, SYN 2, RST 4, PSH 8, ACK 16.
  [[nodiscard]] std::string segment(IpAddress to, unsigned from_port, unsigned to_port,
                                    std::uint32_t sequence, std::uint32_t acknowledged,
                                    unsigned flags, std::string_view data = {},
                                    unsigned window = 0xFFFF) const {
    std::string message;
    put_16(message, from_port);
    put_16(message, to_port);
    put_32(message, sequence);
    put_32(message, acknowledged);
    put_16(message, 0x5000U | flags);
    put_16(message, window);
    put_32(message, 0);
    message += data;
    return packet(tcp, to,
                  with_check(message, 16, pseudo_header(tcp, address_, to, message.size())));
  }

 private:
  static std::string with_check(std::string message, std::size_t at, const std::string& pseudo) {
    const auto check = ip_checksum(pseudo + message);
    message[at] = static_cast<char>(check >> 8U);
    message[at + 1] = static_cast<char>(check & 0xFFU);
    return message;
  }
  [[nodiscard]] std::string packet(unsigned protocol, IpAddress to,
                                   const std::string& payload) const {
    std::string header("\x45\x00", 2);
    put_16(header, static_cast<unsigned>(20 + payload.size()));
    put_32(header, 0x00014000);
    header += '\x40';
    header += static_cast<char>(protocol);
    put_16(header, 0);
    put_32(header, address_);
    put_32(header, to);
    return with_check(header, 10, {}) + payload;
  }

  IpAddress address_;
};

/// A question for the address of a name (RFC 1035).
inline std::string dns_question(const std::string& name) {
  std::string message("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12);
  std::size_t start = 0;
  while (start <= name.size()) {
    const auto end = std::min(name.find('.', start), name.size());
    message += static_cast<char>(end - start);
    message += name.substr(start, end - start);
    start = end + 1;
  }
  return message + std::string("\x00\x00\x01\x00\x01", 5);
}
/// The first address of an answer; nothing where there is none.
inline std::optional<IpAddress> dns_address(const std::string& message) {
  if (message.size() < 12 || take(message, 6, 2) == 0) return std::nullopt;
  return take(message, message.size() - 4, 4);
}

}  // namespace support
