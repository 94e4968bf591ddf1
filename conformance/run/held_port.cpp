#include "conformance/run/held_port.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <list>
#include <stdexcept>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace conformance {

using boost::asio::ip::tcp;

HeldPort::HeldPort(const std::string& address) {
  boost::system::error_code wrong;
  tcp::endpoint endpoint(boost::asio::ip::make_address(address, wrong), 0);
  if (wrong) throw std::runtime_error("no address: " + address);
  auto size = static_cast<socklen_t>(endpoint.size());
  socket_ = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  const bool bound = ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                     ::bind(socket_, endpoint.data(), size) == 0 &&
                     ::getsockname(socket_, endpoint.data(), &size) == 0;
  if (!bound) {
    ::close(socket_);
    throw std::runtime_error("no free port");
  }
  port_ = endpoint.port();
}

HeldPort::~HeldPort() { ::close(socket_); }

std::uint16_t held_port(const std::string& address) {
  static std::list<HeldPort> all;
  return all.emplace_back(address).port();
}

}  // namespace conformance
