#include "conformance/run/unit.hpp"

#include "conformance/run/mux_frame.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace conformance {
namespace asio = boost::asio;

namespace {
constexpr std::string_view line_end = "\r\n";
}

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
  while (drop_line() || drop_frame()) {
  }
}

std::size_t Unit::aside_size(std::string_view bytes) const {
  if (!bytes.starts_with(line_end)) return 0;
  const auto end = bytes.find(line_end, line_end.size());
  if (end == std::string_view::npos) return 0;
  const auto line = bytes.substr(line_end.size(), end - line_end.size());
  const bool known = std::any_of(aside.begin(), aside.end(),
                                 [&](const auto& start) { return line.starts_with(start); });
  return known ? end + line_end.size() : 0;
}

bool Unit::drop_line() {
  const auto size = aside_size(unread_);
  if (size == 0) return false;
  on_aside(std::string_view(unread_).substr(line_end.size(), size - 2 * line_end.size()));
  take(size);
  return true;
}

/// URCs that have a frame of their own, or MSC for the ring indicator: on, and off again.
bool Unit::drop_frame() {
  constexpr unsigned ring = 0x40;
  const auto frame = mux::heard(unread_);
  if (frame.kind != mux::Heard::Kind::whole) return false;
  if (const auto status = frame.modem_status(); status.size() >= 2) {
    const bool rings = (static_cast<unsigned char>(status[1]) & ring) != 0;
    if (!rings && ringing_.erase(status[0]) == 0) return false;
    if (rings) ringing_.insert(status[0]);
    on_aside(rings ? "MSC: ring indicator on" : "MSC: ring indicator off");
  } else {
    if (!frame.is_data() || frame.data.empty()) return false;
    std::string_view rest(frame.data);
    while (const auto size = aside_size(rest)) rest.remove_prefix(size);
    if (!rest.empty()) return false;
    on_aside(std::string_view(frame.data)
                 .substr(line_end.size(), frame.data.size() - 2 * line_end.size()));
  }
  take(frame.size);
  return true;
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
