#include "net/egress.hpp"

#include "at_engine/text.hpp"

#include <algorithm>
#include <iterator>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <spdlog/spdlog.h>

namespace net {

bool Egress::admits(const boost::asio::ip::address& address) const {
  if (extent_ == Extent::all || address.is_loopback()) return true;
  spdlog::warn("{} is refused by --internet loopback", address.to_string());
  return false;
}

Egress::Endpoints Egress::admitted(const Endpoints& endpoints) const {
  Endpoints within;
  std::copy_if(endpoints.begin(), endpoints.end(), std::back_inserter(within),
               [this](const auto& endpoint) { return admits(endpoint.address()); });
  return within;
}

std::optional<Egress::Endpoints> Egress::instead_of_system(const std::string& host,
                                                           std::uint16_t port) const {
  using boost::asio::ip::address_v4;
  using boost::asio::ip::address_v6;
  if (extent_ == Extent::all) return std::nullopt;
  if (at::lower(host) == "localhost")
    return Endpoints{{address_v4::loopback(), port}, {address_v6::loopback(), port}};
  spdlog::warn("{} is refused by --internet loopback: a name that no --resolve leads to an address",
               host);
  return Endpoints{};
}

}  // namespace net
