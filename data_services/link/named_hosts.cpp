#include "data_services/link/named_hosts.hpp"

#include "at_engine/text.hpp"

namespace data_services {

bool NamedHosts::is_named(const std::string& name) const {
  return rules_.has(name) || rules_.apply({name, {}}).host != name;
}

std::optional<ppp::Address> NamedHosts::address_of(const std::string& name) {
  const auto known = at::lower(name);
  if (known == alias_name) return alias_;
  if (const auto found = addresses_.find(known); found != addresses_.end()) return found->second;
  if (!is_named(known)) return std::nullopt;
  constexpr ppp::Address net_mask = 0xFFFFFF00;
  for (auto number = first_number; number <= last_number; ++number) {
    const auto address = (host_ & net_mask) | number;
    if (address == host_ || address == alias_ || has(address)) continue;
    addresses_[known] = address;
    names_[address] = known;
    return address;
  }
  return std::nullopt;
}

std::optional<net::Place> NamedHosts::place_of(const ppp::Endpoint& asked) const {
  const auto found = names_.find(asked.address);
  if (found == names_.end()) return std::nullopt;
  auto place = rules_.apply({found->second, asked.port});
  if (!place.port) place.port = asked.port;
  return place;
}

}  // namespace data_services
