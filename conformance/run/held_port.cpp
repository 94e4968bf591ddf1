#include "conformance/run/held_port.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <list>
#include <stdexcept>

namespace conformance {

sockaddr_in ipv4_endpoint(const std::string& address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &result.sin_addr) != 1)
    throw std::runtime_error("no IPv4 address: " + address);
  return result;
}

HeldPort::HeldPort(const std::string& address) {
  sockaddr_in endpoint = ipv4_endpoint(address, 0);
  auto* const generic = reinterpret_cast<sockaddr*>(&endpoint);
  socklen_t size = sizeof endpoint;
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  const bool bound = ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                     ::bind(socket_, generic, size) == 0 &&
                     ::getsockname(socket_, generic, &size) == 0;
  if (!bound) {
    ::close(socket_);
    throw std::runtime_error("no free port");
  }
  port_ = ntohs(endpoint.sin_port);
}

HeldPort::~HeldPort() { ::close(socket_); }

std::uint16_t held_port(const std::string& address) {
  static std::list<HeldPort> all;
  return all.emplace_back(address).port();
}

}  // namespace conformance
