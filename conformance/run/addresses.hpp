// Where our brokers listen, and where the unit finds them.
#pragma once

#include <string>

namespace conformance {

struct Addresses {
  std::string bind = "127.0.0.1";  // an address of this machine
  std::string host = "127.0.0.1";  // an address, or a name that the unit can resolve
};

[[nodiscard]] bool is_address(const std::string& text);
[[nodiscard]] bool is_ipv4_address(const std::string& text);
/// An address, or what may be a name: it goes into commands of the unit and into a certificate.
[[nodiscard]] bool is_host(const std::string& text);

/// As it stands before a port: that of IPv6 in brackets.
[[nodiscard]] std::string before_port(const std::string& host);

/// Where a name leads to, with IPv4 if it can be; an address is itself. Throws std::runtime_error
/// with the system's words.
[[nodiscard]] std::string address_of(const std::string& host);

/// Throws std::runtime_error with the system's words when nobody can listen there.
void check_listening_at(const std::string& address);

}  // namespace conformance
