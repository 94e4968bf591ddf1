// Where on this machine the ports are at which the module listens (XPLAY-7): the loopback and their
// own numbers, unless the command line says otherwise, since a port below 1024 may be out of reach
// and a peer may be on another machine. Owned by whoever makes the sockets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/asio/ip/address_v4.hpp>

namespace net {

struct ListenPlace {
  boost::asio::ip::address_v4 address = boost::asio::ip::address_v4::loopback();
  std::uint16_t port_offset = 0;  // added to the module's port

  struct Endpoint {
    boost::asio::ip::address_v4 address;
    std::uint16_t port;
  };

  /// The place of the module's `port`; 0, which is any, stays 0. Nothing when there is no such
  /// port.
  [[nodiscard]] std::optional<Endpoint> of(std::uint16_t port) const {
    constexpr unsigned most = 65535;
    const auto there = port == 0 ? 0U : static_cast<unsigned>(port) + port_offset;
    if (there > most) return std::nullopt;
    return Endpoint{address, static_cast<std::uint16_t>(there)};
  }

  /// Why this machine cannot listen at `address`; nothing when it can.
  [[nodiscard]] std::optional<std::string> refusal() const;
};

}  // namespace net
