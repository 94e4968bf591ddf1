// The checksum of IP, ICMP, TCP and UDP (RFC 1071). Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace codec {

/// As it stands in a packet; zero over what has a right one. `start` is added to the sum: of a part
/// before, or of a pseudo header.
[[nodiscard]] std::uint16_t internet_checksum(std::string_view octets, std::uint32_t start = 0);

}  // namespace codec
