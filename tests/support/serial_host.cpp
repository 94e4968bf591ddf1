#include "tests/support/serial_host.hpp"

#include "conformance/transcript/escape.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace support {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t read_size = 65536;
constexpr std::size_t shown = 600;

int open_device(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  termios settings{};
  if (descriptor >= 0 && ::tcgetattr(descriptor, &settings) == 0) {
    ::cfmakeraw(&settings);
    ::tcsetattr(descriptor, TCSANOW, &settings);
  }
  return descriptor;
}

int open_tcp(const std::string& host, const std::string& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(descriptor);
    return -1;
  }
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  return descriptor;
}

std::string tail(const std::string& bytes) {
  return transcript::escaped(bytes.size() > shown ? bytes.substr(bytes.size() - shown) : bytes);
}

std::string head(std::string_view bytes) { return transcript::escaped(bytes.substr(0, shown)); }

milliseconds left_until(Clock::time_point deadline) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(deadline - Clock::now()));
}

}  // namespace

SerialHost::SerialHost(const std::string& address) {
  const auto colon = address.find(':');
  const bool device = colon == std::string::npos || address[0] == '/';
  descriptor_ =
      device ? open_device(address) : open_tcp(address.substr(0, colon), address.substr(colon + 1));
  if (descriptor_ < 0) throw std::runtime_error("cannot open " + address);
}

void SerialHost::leave() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void SerialHost::send(std::string_view bytes) {
  auto deadline = Clock::now() + patience;
  while (!bytes.empty()) {
    const ssize_t size = ::write(descriptor_, bytes.data(), bytes.size());
    if (size > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(size));
      deadline = Clock::now() + patience;
      continue;
    }
    if (errno != EAGAIN || Clock::now() >= deadline)
      FAIL(fmt::format("the port takes no more bytes; {} are left", bytes.size()));
    pollfd state{descriptor_, POLLOUT | POLLIN, 0};
    ::poll(&state, 1, static_cast<int>(left_until(deadline).count()));
    if ((state.revents & POLLIN) != 0) receive(milliseconds(0));
  }
}

bool SerialHost::receive(milliseconds limit) {
  pollfd state{descriptor_, POLLIN, 0};
  if (::poll(&state, 1, static_cast<int>(limit.count())) <= 0) return false;
  std::array<char, read_size> buffer{};
  const ssize_t size = ::read(descriptor_, buffer.data(), buffer.size());
  if (size > 0) received_.append(buffer.data(), static_cast<std::size_t>(size));
  ended_ = size == 0 || (size < 0 && errno != EAGAIN);
  return size > 0;
}

void SerialHost::expect(std::string_view bytes, milliseconds limit, int line, const char* file) {
  const auto deadline = Clock::now() + limit;
  const auto fits = [&] {
    return received_.compare(0, bytes.size(), bytes.substr(0, received_.size())) == 0;
  };
  while (received_.size() < bytes.size() && fits() && !ended_ && Clock::now() < deadline)
    receive(left_until(deadline));
  if (received_.size() < bytes.size() || !fits())
    FAIL(fmt::format("{}:{}: expected\n  {}\nreceived\n  {}\nafter\n  {}", file, line, head(bytes),
                     head(received_), tail(taken_)));
  taken_.append(received_, 0, bytes.size());
  received_.erase(0, bytes.size());
}

void SerialHost::expect_all(std::vector<std::string> texts, milliseconds limit, int line,
                            const char* file) {
  const auto deadline = Clock::now() + limit;
  while (!texts.empty()) {
    const auto next = std::find_if(texts.begin(), texts.end(), [&](const std::string& text) {
      return received_.compare(0, text.size(), text) == 0;
    });
    if (next != texts.end()) {
      expect(*next);
      texts.erase(next);
      continue;
    }
    if (ended_ || Clock::now() >= deadline)
      FAIL(fmt::format("{}:{}: expected, beside {} others\n  {}\nreceived\n  {}\nafter\n  {}", file,
                       line, texts.size() - 1, head(texts[0]), head(received_), tail(taken_)));
    receive(left_until(deadline));
  }
}

std::string SerialHost::read_until(std::string_view end, milliseconds limit, int line,
                                   const char* file) {
  const auto deadline = Clock::now() + limit;
  std::size_t searched = 0;
  std::size_t found = received_.find(end);
  while (found == std::string::npos && !ended_ && Clock::now() < deadline) {
    searched = received_.size() < end.size() ? 0 : received_.size() - end.size();
    receive(left_until(deadline));
    found = received_.find(end, searched);
  }
  if (found == std::string::npos)
    FAIL(fmt::format("{}:{}: waited for\n  {}\nreceived {} bytes, at last\n  {}\nafter\n  {}", file,
                     line, head(end), received_.size(), tail(received_), tail(taken_)));
  const std::string text = received_.substr(0, found + end.size());
  taken_ += text;
  received_.erase(0, text.size());
  return text;
}

void SerialHost::command(std::string_view text, std::string_view answer, int line,
                         const char* file) {
  send(std::string(text) + '\r');
  expect(answer, patience, line, file);
}

bool SerialHost::quiet_for(milliseconds time) {
  const auto deadline = Clock::now() + time;
  while (!ended_ && received_.empty() && Clock::now() < deadline) receive(left_until(deadline));
  return !ended_ && received_.empty();
}

bool SerialHost::at_end(milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (!ended_ && received_.empty() && Clock::now() < deadline) receive(left_until(deadline));
  return ended_ && received_.empty();
}

void set_speed(const std::string& port, unsigned speed) {
  const int descriptor = ::open(port.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  termios settings{};
  const bool set = descriptor >= 0 && ::tcgetattr(descriptor, &settings) == 0 &&
                   ::cfsetspeed(&settings, speed) == 0 &&
                   ::tcsetattr(descriptor, TCSANOW, &settings) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!set) throw std::runtime_error("cannot set the speed of " + port);
}

}  // namespace support
