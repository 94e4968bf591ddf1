// A port for a server that must be told one: while it lives nobody else gets the port, unless he
// names it and allows its reuse (SO_REUSEADDR), as servers do. Bound and not listening, so whoever
// connects is refused until then.
#pragma once

#include <cstdint>
#include <string>

namespace conformance {

class HeldPort {
 public:
  /// Throws std::runtime_error when no port of `address` is free, or it is no address.
  explicit HeldPort(const std::string& address = "127.0.0.1");
  ~HeldPort();
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  int socket_ = -1;
  std::uint16_t port_ = 0;
};

/// A port that is held until the program ends.
std::uint16_t held_port(const std::string& address = "127.0.0.1");

}  // namespace conformance
