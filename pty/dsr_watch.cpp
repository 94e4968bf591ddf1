#include "pty/dsr_watch.hpp"

#include <sys/ioctl.h>

#include <utility>

namespace pty {

DsrWatch::DsrWatch(boost::asio::io_context& io, Ask ask, std::function<void(bool)> changed)
    : ask_(std::move(ask)), changed_(std::move(changed)), timer_(io) {}

void DsrWatch::start() {
  watching_ = std::make_shared<char>();
  if (ask_()) look();
}

void DsrWatch::stop() {
  watching_.reset();
  timer_.cancel();
}

void DsrWatch::look() {
  timer_.expires_after(interval);
  timer_.async_wait([this, watching = std::weak_ptr(watching_)](boost::system::error_code) {
    if (watching.expired()) return;
    const auto now = ask_();
    if (!now) return;
    const auto before = raised_;
    if (*now || before) raised_ = now;
    if (before && *before != *now) changed_(*now);
    if (!watching.expired()) look();
  });
}

std::optional<bool> dsr_of(int descriptor) {
  int bits = 0;
  if (::ioctl(descriptor, TIOCMGET, &bits) != 0) return std::nullopt;
  return (bits & TIOCM_DSR) != 0;
}

}  // namespace pty
