#include "data_services/sockets/dotted.hpp"

#include "data_services/ppp/address.hpp"

#include <algorithm>
#include <cstddef>

namespace data_services {
namespace {

/// Takes what stands before `separator` off `rest`, and the separator too.
std::string_view next_part(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool is_ipv4(std::string_view text) { return ppp::parse_address(text).has_value(); }

bool is_group(std::string_view text) {
  constexpr std::size_t max_digits = 4;
  return !text.empty() && text.size() <= max_digits &&
         text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

/// How many groups of 16 bits stand there; nine where they are none.
std::size_t groups_in(std::string_view text, bool may_end_in_ipv4) {
  constexpr std::size_t too_many = 9;
  std::size_t groups = 0;
  while (!text.empty()) {
    const bool ends_in_colon = text.back() == ':';
    const auto part = next_part(text, ':');
    const bool is_last = text.empty() && !ends_in_colon;
    if (is_group(part))
      groups += 1;
    else if (is_last && may_end_in_ipv4 && is_ipv4(part))
      groups += 2;
    else
      return too_many;
    if (groups >= too_many || (text.empty() && ends_in_colon)) return too_many;
  }
  return groups;
}

bool is_ipv6(std::string_view text) {
  constexpr std::size_t all = 8;
  const auto gap = text.find("::");
  if (gap == text.npos) return groups_in(text, true) == all;
  return groups_in(text.substr(0, gap), false) + groups_in(text.substr(gap + 2), true) < all;
}

}  // namespace

bool is_address(std::string_view text) { return is_ipv4(text) || is_ipv6(text); }

}  // namespace data_services
