// The names that the user, or the demo, has given places to, as a host behind PPP meets them: each
// has an address of the virtual net from the first time that it is asked for (IP-5, IP-8). Owned by
// a SlirpNetwork.
#pragma once

#include "data_services/ppp/address.hpp"
#include "data_services/ppp/ip_packet.hpp"
#include "net/resolve_rules.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace data_services {

class NamedHosts {
 public:
  /// Numbers in the net that names get; more names than these are not known.
  static constexpr ppp::Address first_number = 16;
  static constexpr ppp::Address last_number = 250;
  static constexpr const char* alias_name = "host.demo";

  /// `host` is the host behind PPP, `alias` what this machine is for it; `rules` outlive it.
  NamedHosts(ppp::Address host, ppp::Address alias, const net::ResolveRules& rules)
      : host_(host), alias_(alias), rules_(rules) {}

  /// The address of a name that has a place; nothing for others.
  [[nodiscard]] std::optional<ppp::Address> address_of(const std::string& name);

  [[nodiscard]] bool has(ppp::Address address) const { return names_.count(address) > 0; }
  /// Where a port of it really is: an address or a name, and a port. Nothing for other addresses.
  [[nodiscard]] std::optional<net::Place> place_of(const ppp::Endpoint& asked) const;

 private:
  [[nodiscard]] bool is_named(const std::string& name) const;

  ppp::Address host_;
  ppp::Address alias_;
  const net::ResolveRules& rules_;
  std::map<std::string, ppp::Address> addresses_;
  std::map<ppp::Address, std::string> names_;
};

}  // namespace data_services
