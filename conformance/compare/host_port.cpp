#include "conformance/compare/host_port.hpp"

#include "conformance/run/port_spec.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <stdlib.h>

namespace conformance {

namespace fs = std::filesystem;
using boost::asio::ip::tcp;

namespace {

/// Nobody uses it: its device is gone, or has become our own.
bool left_behind(const std::string& device, const fs::path& link) {
  std::error_code error;
  return fs::is_symlink(link, error) &&
         (!fs::exists(link, error) || fs::read_symlink(link, error) == device);
}

}  // namespace

HostPort::HostPort(Loop& loop, const std::string& where) : stream_(loop.io()) {
  if (where == "pty")
    open_pty({});
  else if (where.rfind("pty:", 0) == 0)
    open_pty(where.substr(4));
  else if (where.rfind("tcp:", 0) == 0)
    accept(loop, where);
  else
    throw std::invalid_argument(fmt::format("'{}': say pty[:LINK] or tcp:[HOST:]PORT", where));
}

HostPort::~HostPort() {
  std::error_code ignored;
  if (!link_.empty()) fs::remove(link_, ignored);
  if (slave_ >= 0) ::close(slave_);
}

void HostPort::open_pty(const std::string& link) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  std::array<char, 128> name{};
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0 ||
      ::ptsname_r(master, name.data(), name.size()) != 0)
    throw std::runtime_error("no pseudo-terminal to be had");
  stream_.assign(master);
  slave_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  if (slave_ < 0 || ::tcgetattr(slave_, &settings) != 0)
    throw std::runtime_error("no pseudo-terminal to be had");
  ::cfmakeraw(&settings);
  ::tcsetattr(slave_, TCSANOW, &settings);
  std::string shown = name.data();
  if (!link.empty()) {
    std::error_code error;
    if (left_behind(name.data(), link)) fs::remove(link, error);
    fs::create_symlink(name.data(), link, error);
    if (error) throw std::runtime_error(fmt::format("cannot make {}: {}", link, error.message()));
    shown = link_ = link;
  }
  fmt::print("port {}\n", shown);
  std::fflush(stdout);
}

void HostPort::accept(Loop& loop, const std::string& where) {
  const auto colon = where.find(':', 4);
  const auto full = colon == std::string::npos ? "tcp:127.0.0.1:" + where.substr(4) : where;
  const auto address = std::get<TcpAddress>(parse_port_spec(full));
  tcp::acceptor acceptor(loop.io(), {boost::asio::ip::make_address(address.host), address.port});
  fmt::print("port {}\n", full);
  std::fflush(stdout);
  tcp::socket socket(loop.io());
  bool done = false;
  acceptor.async_accept(socket, [&](boost::system::error_code) { done = true; });
  try {
    while (!loop.wait(std::chrono::hours(1), [&] { return done; })) {
    }
  } catch (const Interrupted&) {
    acceptor.close();
    loop.io().restart();
    loop.io().poll();
    throw;
  }
  socket.set_option(tcp::no_delay(true));
  stream_.assign(socket.release());
}

}  // namespace conformance
