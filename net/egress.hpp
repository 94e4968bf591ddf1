// How far the services of a module reach: everywhere, or no further than this machine's loopback
// (--internet). Asked once rules have been applied, by the Resolver before the system and by
// whatever connects before it does; what is refused is a warning in the log, each time. Held by the
// Resolver, which all of a modem share; io thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace net {

class Egress {
 public:
  enum class Extent {
    all,
    loopback,  // 127.0.0.0/8 and ::1
  };
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

  explicit Egress(Extent extent = Extent::all) : extent_(extent) {}

  /// Whether `address` may be talked to.
  [[nodiscard]] bool admits(const boost::asio::ip::address& address) const;

  /// Those of `endpoints` that may be talked to.
  [[nodiscard]] Endpoints admitted(const Endpoints& endpoints) const;

  /// Where the name `host`, which is no address, leads when the system is not to be asked, since
  /// others would hear of it: "localhost" to the loopback, any other nowhere. Nothing when the
  /// system may be asked.
  [[nodiscard]] std::optional<Endpoints> instead_of_system(const std::string& host,
                                                           std::uint16_t port) const;

 private:
  Extent extent_;
};

}  // namespace net
