#include "tests/bench/port.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>

#include <fmt/format.h>

namespace bench {
namespace {

constexpr std::chrono::seconds patience{10};

sockaddr_in loopback(unsigned port) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(static_cast<std::uint16_t>(port));
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return place;
}

void without_delay(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int open_device(const std::string& path) {
  const int device = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  if (device < 0 || ::tcgetattr(device, &settings) != 0)
    throw std::runtime_error(path + " cannot be opened");
  ::cfmakeraw(&settings);
  ::tcsetattr(device, TCSANOW, &settings);
  return device;
}

int open_address(const std::string& address) {
  return address.front() == '/' ? open_device(address) : connect_to(address);
}

}  // namespace

int connect_to(const std::string& address) {
  const auto colon = address.rfind(':');
  auto place = loopback(0);
  const bool is_good = colon != std::string::npos &&
                       ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &place.sin_addr) == 1;
  if (!is_good) throw std::runtime_error(address + " is neither a device nor HOST:PORT");
  place.sin_port = htons(static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1))));
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
    ::close(socket);
    throw std::runtime_error("nobody listens at " + address);
  }
  without_delay(socket);
  return socket;
}

Port::Port(const std::string& address) : Port(open_address(address)) {}

Port::Port(int descriptor) : descriptor_(descriptor) {
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
}

Port::~Port() { ::close(descriptor_); }

void Port::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = ::write(descriptor_, bytes.data(), bytes.size());
    if (size > 0) bytes.remove_prefix(static_cast<std::size_t>(size));
    if (size < 0 && errno != EAGAIN) throw std::runtime_error("the port is gone");
    if (size < 0) wait(POLLOUT, 100);
  }
}

std::string_view Port::read(int limit_ms) {
  if (!wait(POLLIN, limit_ms)) return {};
  const auto size = ::read(descriptor_, buffer_.data(), buffer_.size());
  if (size == 0 || (size < 0 && errno != EAGAIN)) throw std::runtime_error("the port is gone");
  return {buffer_.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::string Port::hear(std::string_view end) {
  auto place = heard_.find(end);
  if (place == std::string::npos) {
    const auto limit = std::chrono::steady_clock::now() + patience;
    do {
      const auto more = read();
      if (more.empty() && std::chrono::steady_clock::now() > limit)
        throw std::runtime_error(fmt::format("no '{}'; heard '{}'", end, heard_));
      heard_ += more;
      place = heard_.find(end);
    } while (place == std::string::npos);
  }
  std::string until = heard_.substr(0, place + end.size());
  heard_.erase(0, until.size());
  return until;
}

bool Port::wait(short what, int limit_ms) const {
  pollfd port{descriptor_, what, 0};
  return ::poll(&port, 1, limit_ms) == 1;
}

void connect_client(Port& port, unsigned broker) {
  port.send("ATE0\r");
  port.hear("OK\r\n");
  port.send(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}\r", broker));
  port.hear("+QMTOPEN: 0,0\r\n");
  port.send("AT+QMTCONN=0,\"bench\"\r");
  port.hear("+QMTCONN: 0,0,0\r\n");
}

Listener::Listener() : descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto here = loopback(0);
  socklen_t size = sizeof here;
  if (::bind(descriptor, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
      ::listen(descriptor, 1) != 0 ||
      ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&here), &size) != 0)
    throw std::runtime_error("no port to listen at");
  port = ntohs(here.sin_port);
}

Listener::~Listener() { ::close(descriptor); }

int Listener::accept() const {
  const int peer = ::accept4(descriptor, nullptr, nullptr, SOCK_CLOEXEC);
  without_delay(peer);
  return peer;
}

Child::Child(const std::function<void()>& run) : pid_(::fork()) {
  if (pid_ < 0) throw std::runtime_error("no further process");
  if (pid_ > 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  run();
  ::_exit(0);
}

Child::~Child() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Child::ended_well() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return status == 0;
}

}  // namespace bench
