// Addresses as their text goes: dotted decimals, or IPv6 in any of its forms (RFC 4291 2.2). Free
// functions for the sockets' commands.
#pragma once

#include <string_view>

namespace data_services {

/// False for a name, and for an address that cannot be.
[[nodiscard]] bool is_address(std::string_view text);

}  // namespace data_services
