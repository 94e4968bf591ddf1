// Octets of packets in network order. Who reads has made sure that they are there. Free functions
// for everything in this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace data_services::ppp {

[[nodiscard]] inline std::uint8_t octet(char byte) { return static_cast<std::uint8_t>(byte); }

[[nodiscard]] inline std::uint8_t read_u8(std::string_view from, std::size_t at) {
  return octet(from[at]);
}

[[nodiscard]] inline std::uint16_t read_u16(std::string_view from, std::size_t at) {
  return static_cast<std::uint16_t>((read_u8(from, at) << 8U) | read_u8(from, at + 1));
}

[[nodiscard]] inline std::uint32_t read_u32(std::string_view from, std::size_t at) {
  return (std::uint32_t{read_u16(from, at)} << 16U) | read_u16(from, at + 2);
}

inline void append_u8(std::string& to, unsigned value) { to += static_cast<char>(value & 0xFFU); }

inline void append_u16(std::string& to, unsigned value) {
  append_u8(to, value >> 8U);
  append_u8(to, value);
}

inline void append_u32(std::string& to, std::uint32_t value) {
  append_u16(to, value >> 16U);
  append_u16(to, value & 0xFFFFU);
}

inline void write_u16(std::string& to, std::size_t at, unsigned value) {
  to[at] = static_cast<char>((value >> 8U) & 0xFFU);
  to[at + 1] = static_cast<char>(value & 0xFFU);
}

}  // namespace data_services::ppp
