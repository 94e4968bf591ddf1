// As much of Ethernet as libslirp wants around IP packets, of a host that is alone on its wire.
// Pure; no owner.
#pragma once

#include "data_services/ppp/address.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace data_services::ethernet {

constexpr std::size_t header_size = 14;  // octets
constexpr std::uint16_t ipv4 = 0x0800;
constexpr std::uint16_t arp = 0x0806;

/// What stands before a packet of that type from the host to everybody.
[[nodiscard]] std::string header(std::uint16_t type);

/// Tells where the host's address is, before anybody asks (RFC 826).
[[nodiscard]] std::string announcement(ppp::Address address);

}  // namespace data_services::ethernet
