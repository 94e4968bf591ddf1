#include "tests/support/story_broker.hpp"

#include "conformance/transcript/escape.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

#include <fmt/format.h>

namespace support {

using mqtt_backend::Packet;
using mqtt_backend::PacketType;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t read_size = 65536;
constexpr std::size_t longest_packet = 1 << 20;
constexpr int small_buffer = 4096;

}  // namespace

const std::string StoryBroker::as_told = "as told";

std::string StoryBroker::described(const Packet& packet) {
  const std::string bytes(packet.begin(), packet.end());
  return fmt::format("{} {}", mqtt_backend::name_of(mqtt_backend::type_of(packet)),
                     transcript::escaped(bytes));
}

StoryBroker::StoryBroker(const std::string& address, Listening listening)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      framer_(longest_packet) {
  listen(address, listening);
  thread_ = std::thread([this] { play(); });
}

void StoryBroker::listen(const std::string& address, Listening listening) {
  if (listening == Listening::small_buffer)
    ::setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &small_buffer, sizeof small_buffer);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  ::inet_pton(AF_INET, address.c_str(), &here.sin_addr);
  socklen_t size = sizeof here;
  auto* generic = reinterpret_cast<sockaddr*>(&here);
  const int backlog = listening == Listening::full_backlog ? 0 : 8;
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, backlog) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("cannot listen at " + address);
  port_ = ntohs(here.sin_port);
  if (listening != Listening::full_backlog) return;
  filler_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(filler_, generic, size) != 0) throw std::runtime_error("cannot fill the backlog");
}

StoryBroker::~StoryBroker() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    ::eventfd_write(stop_, 1);
  }
  changed_.notify_all();
  thread_.join();
  for (const int descriptor : {listener_, filler_, link_, stop_})
    if (descriptor >= 0) ::close(descriptor);
}

void StoryBroker::tell(Step step) {
  {
    const std::lock_guard lock(mutex_);
    if (fault_.empty()) steps_.push_back(std::move(step));
  }
  changed_.notify_all();
}

void StoryBroker::play() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !steps_.empty(); });
    if (stopped_) return;
    const Step step = std::move(steps_.front());
    steps_.pop_front();
    busy_ = true;
    lock.unlock();
    std::string fault;
    try {
      step();
    } catch (const std::exception& deviation) {
      fault = deviation.what();
      // The modem notices, so that the test fails at once.
      reset_link();
    }
    lock.lock();
    busy_ = false;
    if (!fault.empty()) {
      fault_ = std::move(fault);
      steps_.clear();
    }
    changed_.notify_all();
  }
}

std::string StoryBroker::outcome() {
  std::unique_lock lock(mutex_);
  const bool played =
      changed_.wait_for(lock, patience, [this] { return steps_.empty() && !busy_; });
  if (!played) return fmt::format("{} steps are still to come", steps_.size() + 1);
  return fault_.empty() ? as_told : fault_;
}

std::vector<StoryBroker::Heard> StoryBroker::heard() const {
  const std::lock_guard lock(mutex_);
  return heard_;
}

bool StoryBroker::readable(int descriptor, milliseconds limit) const {
  std::array<pollfd, 2> states{pollfd{stop_, POLLIN, 0}, pollfd{descriptor, POLLIN, 0}};
  if (::poll(states.data(), states.size(), static_cast<int>(limit.count())) <= 0) return false;
  return (states[0].revents & POLLIN) == 0;
}

void StoryBroker::need_link() {
  while (link_ < 0) {
    if (!readable(listener_, patience)) throw Deviation("expected a link, none came");
    const int link = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (filler_ >= 0) {
      ::close(std::exchange(filler_, -1));
      ::close(link);
      continue;
    }
    link_ = link;
    framer_ = mqtt_backend::Framer(longest_packet);
    const int one = 1;
    ::setsockopt(link_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
}

std::size_t StoryBroker::take_in() {
  std::array<std::uint8_t, read_size> chunk{};
  const ssize_t size = ::recv(link_, chunk.data(), chunk.size(), 0);
  if (size <= 0) return 0;
  framer_.append(chunk.data(), static_cast<std::size_t>(size));
  return static_cast<std::size_t>(size);
}

Packet StoryBroker::hear(PacketType type) {
  need_link();
  Packet packet;
  while (framer_.next(packet) != mqtt_backend::Framer::Result::packet) {
    if (!readable(link_, patience))
      throw Deviation(fmt::format("expected {}, nothing came", mqtt_backend::name_of(type)));
    if (take_in() == 0)
      throw Deviation(fmt::format("expected {}, the modem left", mqtt_backend::name_of(type)));
  }
  {
    const std::lock_guard lock(mutex_);
    heard_.push_back({packet, Clock::now()});
  }
  if (mqtt_backend::type_of(packet) != type)
    throw Deviation(
        fmt::format("expected {}, came {}", mqtt_backend::name_of(type), described(packet)));
  return packet;
}

void StoryBroker::send(const Packet& bytes) const {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t size = ::send(link_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    // A modem that has hung up over the first part does not wait for the rest.
    if (size <= 0) return;
    sent += static_cast<std::size_t>(size);
  }
}

void StoryBroker::reset_link() {
  if (link_ < 0) return;
  const linger at_once{1, 0};
  ::setsockopt(link_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(link_, -1));
}

void StoryBroker::accept() {
  tell([this] { need_link(); });
}

StoryBroker::Line StoryBroker::expect(PacketType type) { return {*this, type}; }

void StoryBroker::say(Packet bytes) {
  tell([this, bytes = std::move(bytes)] {
    need_link();
    send(bytes);
  });
}

void StoryBroker::delay(milliseconds time) {
  tell([this, time] { readable(-1, time); });
}

void StoryBroker::hear_nothing(milliseconds time) {
  tell([this, time] {
    need_link();
    if (framer_.buffered() > 0 || readable(link_, time))
      throw Deviation("expected nothing, something came");
  });
}

void StoryBroker::then_close() {
  tell([this] {
    need_link();
    ::shutdown(link_, SHUT_WR);
    while (readable(link_, patience) && take_in() > 0) continue;
    ::close(std::exchange(link_, -1));
  });
}

void StoryBroker::then_reset() {
  tell([this] {
    need_link();
    reset_link();
  });
}

void StoryBroker::then_left() {
  tell([this] {
    need_link();
    Packet packet;
    if (!readable(link_, patience)) throw Deviation("expected the end, nothing came");
    if (take_in() > 0 && framer_.next(packet) == mqtt_backend::Framer::Result::packet)
      throw Deviation("expected the end, came " + described(packet));
    ::close(std::exchange(link_, -1));
  });
}

}  // namespace support
