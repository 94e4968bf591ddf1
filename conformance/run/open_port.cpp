#include "conformance/run/unit.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <netdb.h>

namespace conformance {
namespace {

constexpr int connect_limit_ms = 5000;

struct Rate {
  int baud;
  speed_t code;
};
constexpr std::array<Rate, 13> rates{{{4800, B4800},
                                      {9600, B9600},
                                      {19200, B19200},
                                      {38400, B38400},
                                      {57600, B57600},
                                      {115200, B115200},
                                      {230400, B230400},
                                      {460800, B460800},
                                      {921600, B921600},
                                      {1000000, B1000000},
                                      {1500000, B1500000},
                                      {2000000, B2000000},
                                      {3000000, B3000000}}};

[[noreturn]] void give_up(const std::string& what, int error) {
  throw PortGone(fmt::format("{}: {}", what, std::strerror(error)));
}

int open_device(const DevicePort& port) {
  const auto* const rate = std::find_if(rates.begin(), rates.end(),
                                        [&](const auto& each) { return each.baud == port.baud; });
  if (rate == rates.end()) throw PortGone(fmt::format("no rate of serial ports: {}", port.baud));
  const int descriptor = ::open(port.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) give_up("cannot open " + port.path, errno);
  termios settings{};
  if (::tcgetattr(descriptor, &settings) != 0) {
    ::close(descriptor);
    throw PortGone(port.path + " is no serial port");
  }
  ::cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  ::cfsetspeed(&settings, rate->code);
  if (::tcsetattr(descriptor, TCSANOW, &settings) != 0) {
    const int error = errno;
    ::close(descriptor);
    give_up("cannot set up " + port.path, error);
  }
  return descriptor;
}

/// Nothing when the connection does not come about.
int connect_to(const addrinfo& address) {
  const int descriptor = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int failed = ::connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (failed == EINPROGRESS) {
    failed = ETIMEDOUT;
    pollfd ready{descriptor, POLLOUT, 0};
    socklen_t size = sizeof failed;
    if (::poll(&ready, 1, connect_limit_ms) == 1)
      ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failed, &size);
  }
  if (failed == 0) return descriptor;
  ::close(descriptor);
  errno = failed;
  return -1;
}

int open_tcp(const TcpAddress& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto service = std::to_string(port.port);
  if (::getaddrinfo(port.host.c_str(), service.c_str(), &hints, &found) != 0)
    throw PortGone("no such host: " + port.host);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  int error = ECONNREFUSED;
  for (const auto* each = list.get(); each != nullptr; each = each->ai_next) {
    const int descriptor = connect_to(*each);
    if (descriptor >= 0) {
      const int on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return descriptor;
    }
    error = errno;
  }
  give_up(fmt::format("cannot reach {}:{}", port.host, port.port), error);
}

}  // namespace

int open_port(const PortSpec& spec) {
  if (const auto* device = std::get_if<DevicePort>(&spec)) return open_device(*device);
  return open_tcp(std::get<TcpAddress>(spec));
}

}  // namespace conformance
