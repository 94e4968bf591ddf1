#include "tests/support/story_broker.hpp"

#include "tests/support/escape.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace support {

using mqtt_backend::Packet;
using mqtt_backend::PacketType;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t read_size = 65536;
constexpr std::size_t longest_packet = 1 << 20;

/// The story does not go on as it was told.
struct Deviation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string text_of(const Packet& packet) {
  return escaped({reinterpret_cast<const char*>(packet.data()), packet.size()});
}

std::string named(const Packet& packet) {
  return fmt::format("{} {}", mqtt_backend::name_of(mqtt_backend::type_of(packet)),
                     text_of(packet));
}

}  // namespace

const std::string StoryBroker::as_told = "as told";

StoryBroker::StoryBroker(const std::string& address, bool full_backlog)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      framer_(longest_packet) {
  sockaddr_in here{};
  here.sin_family = AF_INET;
  ::inet_pton(AF_INET, address.c_str(), &here.sin_addr);
  socklen_t size = sizeof here;
  auto* generic = reinterpret_cast<sockaddr*>(&here);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, full_backlog ? 0 : 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("cannot listen at " + address);
  port_ = ntohs(here.sin_port);
  if (full_backlog) {
    filler_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(filler_, generic, size) != 0) throw std::runtime_error("cannot fill the backlog");
  }
  thread_ = std::thread([this] { play(); });
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
        fmt::format("expected {}, came {}", mqtt_backend::name_of(type), named(packet)));
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
      throw Deviation("expected the end, came " + named(packet));
    ::close(std::exchange(link_, -1));
  });
}

StoryBroker::Line::~Line() {
  broker_.tell([&broker = broker_, type = type_, actions = std::move(actions_)] {
    const Packet packet = broker.hear(type);
    for (const auto& action : actions) action(packet);
  });
}

StoryBroker::Line& StoryBroker::Line::then(Action action) {
  actions_.push_back(std::move(action));
  return *this;
}

StoryBroker::Line& StoryBroker::Line::check(
    const std::string& name, const std::string& wanted,
    const std::function<std::string(const Packet&)>& found) {
  return then([=](const Packet& packet) {
    if (const auto is = found(packet); is != wanted)
      throw Deviation(fmt::format("expected {} {}, is {} in {}", name, wanted, is, named(packet)));
  });
}

StoryBroker::Line& StoryBroker::Line::id(std::uint16_t id) {
  return check("id", std::to_string(id),
               [](const Packet& p) { return std::to_string(mqtt_backend::id_of(p)); });
}

StoryBroker::Line& StoryBroker::Line::qos(int qos) {
  return check("qos", std::to_string(qos),
               [](const Packet& p) { return std::to_string(mqtt_backend::qos_of(p)); });
}

StoryBroker::Line& StoryBroker::Line::with_dup() {
  return check("DUP", "1", [](const Packet& p) { return mqtt_backend::dup_of(p) ? "1" : "0"; });
}

StoryBroker::Line& StoryBroker::Line::without_dup() {
  return check("DUP", "0", [](const Packet& p) { return mqtt_backend::dup_of(p) ? "1" : "0"; });
}

StoryBroker::Line& StoryBroker::Line::topic(const std::string& topic) {
  return check("topic", topic, [](const Packet& p) {
    return std::string(mqtt_backend::topic_of(p).value_or("(none)"));
  });
}

StoryBroker::Line& StoryBroker::Line::payload(const std::string& payload) {
  return check("payload", payload, [](const Packet& p) {
    const auto topic = mqtt_backend::topic_of(p).value_or("");
    const std::size_t id = mqtt_backend::qos_of(p) > 0 ? 2 : 0;
    const std::size_t at = mqtt_backend::body_at(p) + 2 + topic.size() + id;
    return std::string(p.begin() + static_cast<std::ptrdiff_t>(std::min(at, p.size())), p.end());
  });
}

namespace {

/// A byte of CONNECT, counted from the one behind the protocol's name.
std::uint8_t connect_byte(const Packet& packet, std::size_t offset) {
  const std::size_t name = mqtt_backend::body_at(packet);
  return packet.at(name + 2 + mqtt_backend::read_u16(packet, name) + offset);
}

}  // namespace

StoryBroker::Line& StoryBroker::Line::version(int version) {
  return check("version", std::to_string(version),
               [](const Packet& p) { return std::to_string(connect_byte(p, 0)); });
}

StoryBroker::Line& StoryBroker::Line::clean(bool clean) {
  return check("clean", clean ? "1" : "0",
               [](const Packet& p) { return (connect_byte(p, 1) & 2u) != 0 ? "1" : "0"; });
}

StoryBroker::Line& StoryBroker::Line::keepalive(int seconds) {
  return check("keepalive", std::to_string(seconds), [](const Packet& p) {
    return std::to_string(connect_byte(p, 2) * 256 + connect_byte(p, 3));
  });
}

StoryBroker::Line& StoryBroker::Line::delay(milliseconds time) {
  return then([this_broker = &broker_, time](const Packet&) { this_broker->readable(-1, time); });
}

StoryBroker::Line& StoryBroker::Line::answer(const Reply& reply, int times) {
  return then([reply, times, this_broker = &broker_](const Packet& packet) {
    Packet all;
    for (int i = 0; i < times; ++i) {
      const Packet one = reply(packet);
      all.insert(all.end(), one.begin(), one.end());
    }
    this_broker->send(all);
  });
}

StoryBroker::Line& StoryBroker::Line::answer_bytewise(const Reply& reply) {
  return then([reply, this_broker = &broker_](const Packet& packet) {
    for (const auto byte : reply(packet)) {
      this_broker->send({byte});
      // Long enough for the reader to take it alone.
      this_broker->readable(-1, milliseconds(2));
    }
  });
}

StoryBroker::Line& StoryBroker::Line::answer_part(const Reply& reply, std::size_t size) {
  return then([reply, size, this_broker = &broker_](const Packet& packet) {
    const Packet whole = reply(packet);
    const auto border = whole.begin() + static_cast<std::ptrdiff_t>(size);
    this_broker->send({whole.begin(), border});
    this_broker->rest_.assign(border, whole.end());
  });
}

StoryBroker::Line& StoryBroker::Line::answer_rest() {
  return then(
      [this_broker = &broker_](const Packet&) { this_broker->send(this_broker->rest_); });
}

StoryBroker::Line& StoryBroker::Line::keep() {
  return then([this_broker = &broker_](const Packet& packet) {
    this_broker->kept_.push_back(packet);
  });
}

StoryBroker::Line& StoryBroker::Line::answer_kept(const Reply& reply) {
  return then([reply, this_broker = &broker_](const Packet&) {
    this_broker->send(reply(this_broker->kept_.front()));
    this_broker->kept_.pop_front();
  });
}

}  // namespace support
