#include "pty/pty_port.hpp"

#include "pty/device_link.hpp"
#include "pty/terminal_rate.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <stdlib.h>

namespace pty {

using boost::system::error_code;

namespace {

constexpr std::size_t device_name_size = 64;

std::string failure(const char* step) {
  return fmt::format("{}: {}", step, std::generic_category().message(errno));
}

}  // namespace

PtyPort::PtyPort(boost::asio::io_context& io, std::optional<std::string> link)
    : link_(link ? *std::move(link) : unique_link_path()),
      master_(io),
      watch_(io),
      line_timer_(io) {}

std::optional<std::string> PtyPort::open() {
  if (auto error = open_terminal()) return error;
  if (auto error = make_link(device_, link_)) return error;
  linked_ = true;
  return std::nullopt;
}

std::optional<std::string> PtyPort::open_terminal() {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (master < 0) return failure("cannot open a pseudo-terminal (--port tcp:PORT needs none)");
  if (const error_code error = master_.attach(master)) return error.message();
  std::array<char, device_name_size> name{};
  if (::grantpt(master) != 0 || ::unlockpt(master) != 0 ||
      ::ptsname_r(master, name.data(), name.size()) != 0) {
    return failure("cannot set up a pseudo-terminal");
  }
  device_ = name.data();
  // Opening and closing it once makes the master report "no host" from now on.
  if (!reset_line()) return failure("cannot open the pseudo-terminal's own device");
  if (!watch_.open(device_)) return failure("cannot watch the pseudo-terminal");
  return std::nullopt;
}

void PtyPort::start(Events events) {
  events_ = std::move(events);
  master_.when_drained([this] {
    if (events_.drained) events_.drained();
  });
  watch_.start([this](const DeviceEvents& news) { look(news); });
}

void PtyPort::stop() {
  vanished_ = false;
  line_timer_.cancel();
  watch_.close();
  master_.close();
  open_ = false;
  if (std::exchange(linked_, false)) remove_link(device_, link_);
}

/// The host's descriptors hang up, and the device is another one when it comes back.
void PtyPort::vanish() {
  if (!linked_ || std::exchange(vanished_, true)) return;
  line_timer_.cancel();
  remove_terminal();
  master_.close();
  if (std::exchange(open_, false)) events_.closed();
}

void PtyPort::come_back() {
  if (std::exchange(vanished_, false)) make_terminal();
}

void PtyPort::write(std::string_view bytes) {
  if (open_) master_.write(bytes);
}

void PtyPort::look(const DeviceEvents& news) {
  if (open_) {
    if (!changed_hosts(news)) return;
    end_session();
  }
  if (master_.attached() && !open_ && host_present()) begin_session();
}

/// True if the last host left and another came, so fast that the master saw no end.
bool PtyPort::changed_hosts(const DeviceEvents& told) {
  bool changed = count_hosts(told);
  while (hosts_ == 0 && host_present()) {
    // Either another has come just now, or two openings were merged and one of the two remains.
    const auto news = watch_.take_news();
    if (news.empty()) hosts_ = 1;
    changed = count_hosts(news) || changed;
  }
  return changed;
}

/// Returns whether a host came when none was left.
bool PtyPort::count_hosts(const DeviceEvents& news) {
  bool changed = false;
  for (const auto event : news) {
    if (event == DeviceEvent::opened) {
      changed = changed || hosts_ == 0;
      ++hosts_;
    } else {
      hosts_ = std::max(0, hosts_ - 1);
    }
  }
  return changed;
}

bool PtyPort::host_present() {
  pollfd state{master_.native(), POLLIN, 0};
  if (::poll(&state, 1, 0) < 0) return false;
  // A host that has left again may have left bytes.
  return (state.revents & POLLHUP) == 0 || (state.revents & POLLIN) != 0;
}

void PtyPort::begin_session() {
  open_ = true;
  hosts_ = 1;
  lines_ = {};
  events_.opened();
  if (open_) read();
  if (open_ && watching_line_) look_at_line();
}

/// A speed of 0 is how a host drops DTR on a pseudo-terminal.
void PtyPort::look_at_line() {
  const HostLines now{host_rate() != 0};
  if (now != std::exchange(lines_, now) && events_.lines_changed) events_.lines_changed(now);
  if (!open_) return;
  line_timer_.expires_after(line_interval);
  line_timer_.async_wait([this, life = std::weak_ptr(life_)](error_code cancelled) {
    if (!cancelled && !life.expired() && open_) look_at_line();
  });
}

std::optional<int> PtyPort::host_rate() const { return terminal_rate(master_.native()); }

void PtyPort::end_session() {
  open_ = false;
  master_.discard();
  // Our own opening must not look like a host's. A host that opens meanwhile is not missed: who
  // ends a session asks host_present() next.
  watch_.pause();
  events_.closed();
  if (watch_.active() && (!reset_line() || !watch_.resume())) replace_terminal();
}

void PtyPort::read() {
  if (std::exchange(reading_, true)) return;
  master_.read({[this](std::string_view bytes) { receive(bytes); },
                [this](error_code) {
                  reading_ = false;
                  if (open_) end_session();
                  look({});
                }});
}

void PtyPort::receive(std::string_view bytes) {
  // These may be the first bytes of a host whose arrival has not been told yet.
  if (const auto news = watch_.take_news(); !news.empty()) look(news);
  if (!open_ && master_.attached()) begin_session();
  if (open_) events_.received(bytes);
}

bool PtyPort::reset_line() {
  const int slave = ::open(device_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (slave < 0) return false;
  termios settings{};
  ::tcgetattr(slave, &settings);
  ::cfmakeraw(&settings);
  ::tcsetattr(slave, TCSANOW, &settings);
  ::tcflush(slave, TCIFLUSH);
  // A host's exclusive mode would outlive it here, unlike on a real serial device.
  ::ioctl(slave, TIOCNXCL);
  ::close(slave);
  return true;
}

/// For a device that a host left in exclusive mode, which only root may open again.
void PtyPort::replace_terminal() {
  spdlog::debug("pty: {} cannot be opened again, it is replaced", device_);
  remove_terminal();
  make_terminal();
}

void PtyPort::remove_terminal() {
  remove_link(device_, link_);
  watch_.close();
  reading_ = false;
}

void PtyPort::make_terminal() {
  auto error = open_terminal();
  if (!error) error = make_link(device_, link_);
  if (!error) return;
  linked_ = false;
  if (events_.failed) events_.failed(*error);
}

}  // namespace pty
