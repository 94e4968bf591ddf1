// The terminal that the modem is at: opened raw, never waited for when it takes no bytes, and what
// it did not take yet is kept. Owned by the Host.
#pragma once

#include "failure.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>

namespace lwip_host {

class Tty {
 public:
  explicit Tty(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    termios settings{};
    if (descriptor_ < 0 || ::tcgetattr(descriptor_, &settings) != 0)
      throw Failure("no terminal: " + path);
    ::cfmakeraw(&settings);
    ::cfsetspeed(&settings, B115200);
    ::tcsetattr(descriptor_, TCSANOW, &settings);
  }
  ~Tty() { ::close(descriptor_); }
  Tty(const Tty&) = delete;
  Tty& operator=(const Tty&) = delete;

  void send(std::string_view bytes) {
    unsent_ += bytes;
    write();
  }

  /// What comes within so many milliseconds; looks after what is to be sent meanwhile.
  std::string receive(int limit) {
    pollfd state{descriptor_, static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT), 0};
    ::poll(&state, 1, limit);
    if ((state.revents & POLLOUT) != 0) write();
    if ((state.revents & (POLLIN | POLLHUP | POLLERR)) == 0) return {};
    const ssize_t size = ::read(descriptor_, buffer_.data(), buffer_.size());
    if (size > 0) return {buffer_.data(), static_cast<std::size_t>(size)};
    if (size == 0 || errno != EAGAIN) throw Failure("the modem has closed its port");
    return {};
  }

 private:
  void write() {
    const ssize_t size = ::write(descriptor_, unsent_.data(), unsent_.size());
    if (size > 0) unsent_.erase(0, static_cast<std::size_t>(size));
  }

  int descriptor_;
  std::string unsent_;
  std::array<char, 65536> buffer_{};
};

}  // namespace lwip_host
