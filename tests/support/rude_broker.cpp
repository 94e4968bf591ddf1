#include "tests/support/rude_broker.hpp"

#include "tests/support/program.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace support {
namespace {

constexpr std::size_t read_size = 4096;

void await(int descriptor) {
  pollfd state{descriptor, POLLIN, 0};
  const auto limit = std::chrono::milliseconds(patience).count();
  if (::poll(&state, 1, static_cast<int>(limit)) != 1)
    throw std::runtime_error("the modem says nothing to the broker");
}

}  // namespace

RudeBroker::RudeBroker() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 1) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
}

RudeBroker::~RudeBroker() {
  for (const int descriptor : {listener_, link_})
    if (descriptor >= 0) ::close(descriptor);
}

void RudeBroker::accept() {
  await(listener_);
  link_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
}

std::string RudeBroker::hear_some() {
  await(link_);
  std::array<char, read_size> buffer{};
  const ssize_t size = ::recv(link_, buffer.data(), buffer.size(), 0);
  if (size <= 0) throw std::runtime_error("the modem left the broker");
  return {buffer.data(), static_cast<std::size_t>(size)};
}

std::string RudeBroker::hear(std::size_t size) {
  std::string heard;
  while (heard.size() < size) heard += hear_some();
  return heard;
}

void RudeBroker::say(std::string_view bytes) const {
  static_cast<void>(::send(link_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

}  // namespace support
