#include "codec/internet_checksum.hpp"

#include <cstddef>

namespace codec {

std::uint16_t internet_checksum(std::string_view octets, std::uint32_t start) {
  const auto octet = [&](std::size_t at) {
    return std::uint64_t{static_cast<unsigned char>(octets[at])};
  };
  std::uint64_t sum = start;
  std::size_t at = 0;
  for (; at + 1 < octets.size(); at += 2) sum += (octet(at) << 8U) | octet(at + 1);
  if (at < octets.size()) sum += octet(at) << 8U;
  while ((sum >> 16U) != 0) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace codec
