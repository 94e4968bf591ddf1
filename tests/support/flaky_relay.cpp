#include "tests/support/flaky_relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace support {
namespace {

constexpr std::size_t largest_piece = 65536;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void send_at_once(int descriptor) {
  const int one = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

int dial(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in there = loopback(port);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0)
    return descriptor;
  ::close(descriptor);
  return -1;
}

void hang_up(int descriptor, bool reset) {
  const linger at_once{1, 0};
  if (reset) ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(descriptor);
}

}  // namespace

FlakyRelay::FlakyRelay(std::uint16_t broker, Plan standard)
    : broker_(broker),
      standard_(standard),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  sockaddr_in here = loopback(0);
  socklen_t size = sizeof here;
  auto* generic = reinterpret_cast<sockaddr*>(&here);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(here.sin_port);
  thread_ = std::thread([this] { serve(); });
}

FlakyRelay::~FlakyRelay() {
  stopped_ = true;
  wake();
  thread_.join();
  ::close(listener_);
  ::close(wake_);
}

void FlakyRelay::wake() const { ::eventfd_write(wake_, 1); }

void FlakyRelay::plan_next(const Plan& plan) {
  const std::lock_guard lock(mutex_);
  plans_.push_back(plan);
}

void FlakyRelay::stall_down(bool on) {
  stalled_ = on;
  wake();
}

void FlakyRelay::serve() {
  while (!stopped_) {
    std::array<pollfd, 2> states{pollfd{listener_, POLLIN, 0}, pollfd{wake_, POLLIN, 0}};
    ::poll(states.data(), states.size(), -1);
    eventfd_t ignored = 0;
    ::eventfd_read(wake_, &ignored);
    if (stopped_ || (states[0].revents & POLLIN) == 0) continue;
    const int modem = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int broker = dial(broker_);
    Plan plan = standard_;
    {
      const std::lock_guard lock(mutex_);
      if (!plans_.empty()) {
        plan = plans_.front();
        plans_.pop_front();
      }
    }
    ++links_;
    if (broker >= 0) pass(plan, modem, broker);
    hang_up(modem, plan.reset);
    if (broker >= 0) hang_up(broker, plan.reset);
  }
}

bool FlakyRelay::pass(const Plan& plan, int modem, int broker) {
  send_at_once(modem);
  send_at_once(broker);
  std::array<Way, 2> ways{Way{modem, broker, plan.cut_up}, Way{broker, modem, plan.cut_down}};
  while (!stopped_) {
    std::array<pollfd, 3> states{pollfd{modem, POLLIN, 0},
                                 pollfd{stalled_ ? -1 : broker, POLLIN, 0},
                                 pollfd{wake_, POLLIN, 0}};
    ::poll(states.data(), states.size(), -1);
    eventfd_t ignored = 0;
    ::eventfd_read(wake_, &ignored);
    for (std::size_t i = 0; i < ways.size(); ++i)
      if (states.at(i).revents != 0 && !move(plan, ways.at(i))) return !stopped_;
  }
  return false;
}

bool FlakyRelay::move(const Plan& plan, Way& way) const {
  std::array<char, largest_piece> piece{};
  std::size_t wanted = std::min(plan.piece, piece.size());
  if (way.left) wanted = std::min(wanted, *way.left);
  const ssize_t size = ::recv(way.from, piece.data(), wanted, 0);
  if (size <= 0 || !pause(plan.delay)) return false;
  if (::send(way.to, piece.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) != size)
    return false;
  if (!way.left) return true;
  *way.left -= static_cast<std::size_t>(size);
  return *way.left > 0;
}

bool FlakyRelay::pause(std::chrono::microseconds time) const {
  if (time.count() == 0) return true;
  const timespec limit{time.count() / 1'000'000, (time.count() % 1'000'000) * 1000};
  ::ppoll(nullptr, 0, &limit, nullptr);
  return !stopped_;
}

}  // namespace support
