// What the tests of the ports share: running the io_context until something holds, a port's events
// written down, and a host that opens a device. Owned by each test case.
#pragma once

#include "pty/host_port.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>

namespace pty_test {

/// Runs `io` until `condition` holds; false if it does not within the deadline.
template <typename Condition>
bool run_until(boost::asio::io_context& io, Condition condition,
               std::chrono::milliseconds limit = std::chrono::seconds(10)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    io.restart();
    io.run_one_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// What a port told, in order: "+" opened, "-" closed, "Q" quit, "F" failed, else the bytes.
struct Record {
  std::string all;
  std::string bytes;
  std::string failure;

  pty::HostPort::Events events() {
    pty::HostPort::Events events;
    events.received = [this](std::string_view got) {
      all += got;
      bytes += got;
    };
    events.opened = [this] { all += '+'; };
    events.closed = [this] { all += '-'; };
    events.quit = [this] { all += 'Q'; };
    events.failed = [this](const std::string& why) {
      all += 'F';
      failure = why;
    };
    return events;
  }
};

/// A descriptor of the host's side, non-blocking.
class Host {
 public:
  explicit Host(const std::string& path, int flags = O_RDWR)
      : descriptor_(::open(path.c_str(), flags | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {}
  explicit Host(int descriptor) : descriptor_(descriptor) {}
  ~Host() { leave(); }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  void leave() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  bool say(std::string_view bytes) {
    return ::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  }
  /// Adds what there is to read to `heard`.
  const std::string& hear() {
    std::array<char, 65536> buffer{};
    for (ssize_t size = 1; size > 0;) {
      size = ::read(descriptor_, buffer.data(), buffer.size());
      if (size > 0) heard.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return heard;
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  std::string heard;

 private:
  int descriptor_;
};

/// A directory that goes away with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = std::filesystem::temp_directory_path() / "eg91xq-test-XXXXXX";
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace pty_test
