#include "conformance/run/unit.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace conformance {
namespace asio = boost::asio;

Unit::Unit(Loop& loop, const PortSpec& spec) : loop_(loop), port_(loop.io(), open_port(spec)) {
  read();
}

void Unit::read() {
  port_.async_read_some(
      asio::buffer(buffer_),
      [this, alive = std::weak_ptr(alive_)](boost::system::error_code error, std::size_t size) {
        if (alive.expired()) return;
        if (error || unread_.size() > max_unread) {
          gone_ = true;
          return;
        }
        unread_.append(buffer_.data(), size);
        arrivals_.push_back({taken_ + unread_.size(), Clock::now()});
        on_bytes({buffer_.data(), size});
        read();
      });
}

void Unit::write(std::string_view bytes) {
  constexpr auto limit = std::chrono::seconds(10);
  bool done = false;
  boost::system::error_code failed;
  asio::async_write(port_, asio::buffer(bytes.data(), bytes.size()),
                    [&](boost::system::error_code error, std::size_t) {
                      failed = error;
                      done = true;
                    });
  if (loop_.wait(limit, [&] { return done || gone_; }) && done && !failed) return;
  port_.cancel();
  while (!done) loop_.io().run_one();
  gone_ = true;
  throw PortGone(failed ? "the port cannot be written to: " + failed.message()
                        : "the port takes no bytes");
}

const std::string& Unit::unread() {
  drop_aside();
  return unread_;
}

void Unit::expect_aside(const std::string& text) {
  aside.erase(
      std::remove_if(aside.begin(), aside.end(),
                     [&](const auto& start) { return text.find(start) != std::string::npos; }),
      aside.end());
}

void Unit::drop_aside() {
  constexpr std::string_view frame = "\r\n";
  for (;;) {
    if (unread_.rfind(frame, 0) != 0) return;
    const auto end = unread_.find(frame, frame.size());
    if (end == std::string::npos) return;
    const auto line = std::string_view(unread_).substr(frame.size(), end - frame.size());
    const bool known = std::any_of(aside.begin(), aside.end(),
                                   [&](const auto& start) { return line.rfind(start, 0) == 0; });
    if (!known) return;
    on_aside(line);
    take(end + frame.size());
  }
}

Time Unit::arrival(std::size_t offset) const {
  for (const auto& piece : arrivals_)
    if (taken_ + offset < piece.end) return piece.at;
  return Clock::now();
}

std::string Unit::take_at(std::size_t offset, std::size_t size) {
  auto bytes = unread_.substr(offset, size);
  unread_.erase(offset, size);
  // What stands before it came no later than it did.
  for (auto& piece : arrivals_)
    if (piece.end <= taken_ + offset) piece.end += bytes.size();
  taken_ += bytes.size();
  arrivals_.erase(arrivals_.begin(),
                  std::find_if(arrivals_.begin(), arrivals_.end(),
                               [&](const auto& piece) { return piece.end > taken_; }));
  return bytes;
}

}  // namespace conformance
