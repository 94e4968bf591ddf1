#include "data_services/ppp/address.hpp"

#include <cstddef>

#include <fmt/format.h>

namespace data_services::ppp {

std::optional<Address> parse_address(std::string_view text) {
  constexpr int parts = 4;
  constexpr std::size_t most_digits = 3;
  constexpr unsigned most = 255;
  Address address = 0;
  for (int i = 0; i < parts; ++i) {
    const auto end = text.find('.');
    if ((end == text.npos) != (i == parts - 1)) return std::nullopt;
    const auto part = text.substr(0, end);
    if (part.empty() || part.size() > most_digits) return std::nullopt;
    if (part.find_first_not_of("0123456789") != part.npos) return std::nullopt;
    unsigned value = 0;
    for (const char digit : part) value = value * 10 + static_cast<unsigned>(digit - '0');
    if (value > most) return std::nullopt;
    address = (address << 8U) | value;
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return address;
}

std::string to_text(Address address) {
  return fmt::format("{}.{}.{}.{}", address >> 24U, (address >> 16U) & 0xFFU,
                     (address >> 8U) & 0xFFU, address & 0xFFU);
}

}  // namespace data_services::ppp
