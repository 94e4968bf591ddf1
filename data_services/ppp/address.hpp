// IPv4 addresses as numbers: 10.0.2.15 is 0x0A00020F. Zero stands for none where one may be
// missing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace data_services::ppp {

using Address = std::uint32_t;

/// Nothing unless `text` is four decimals of 0 to 255 with dots between them.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
[[nodiscard]] std::string to_text(Address address);

}  // namespace data_services::ppp
