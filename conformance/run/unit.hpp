// The port of the unit under test: bytes out, bytes in with the time of their arrival. URCs of the
// radio and the SIM that the application note does not speak of are set aside, in frames of a
// multiplexer too, and so is what its MSC tells of the ring indicator.
#pragma once

#include "conformance/run/loop.hpp"
#include "conformance/run/port_spec.hpp"

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>

namespace conformance {

/// The port is gone: unplugged, hung up, or not to be written to.
class PortGone : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Unit {
 public:
  /// Throws PortGone when the port cannot be opened within 5 s.
  Unit(Loop& loop, const PortSpec& spec);

  /// Waits until all is written; throws PortGone after 10 s, or if the port is gone.
  void write(std::string_view bytes);

  /// What arrived and was not taken yet, without URCs that are set aside.
  [[nodiscard]] const std::string& unread();
  /// When the byte at the front of unread() arrived, and the one at `offset`.
  [[nodiscard]] Time arrival(std::size_t offset = 0) const;
  [[nodiscard]] Time last_arrival() const {
    return arrivals_.empty() ? Clock::now() : arrivals_.back().at;
  }
  std::string take(std::size_t size) { return take_at(0, size); }
  std::string take_at(std::size_t offset, std::size_t size);
  std::string take_all() { return take(unread().size()); }
  [[nodiscard]] bool gone() const { return gone_; }

  /// Told of everything that comes in, as it comes.
  std::function<void(std::string_view)> on_bytes = [](std::string_view) {};
  /// Told of each URC that is set aside.
  std::function<void(std::string_view)> on_aside = [](std::string_view) {};
  /// The first words of URCs that are set aside.
  std::vector<std::string> aside;
  /// Bytes of a URC at the front of `bytes` that is set aside; 0 if none is there.
  [[nodiscard]] std::size_t aside_size(std::string_view bytes) const;
  /// `text` is expected: URCs like it are not set aside any more.
  void expect_aside(const std::string& text);

 private:
  /// Bytes of one read, by their end in the stream.
  struct Arrival {
    std::size_t end;
    Time at;
  };
  static constexpr std::size_t read_size = 4096;
  static constexpr std::size_t max_unread = 64 * 1024 * 1024;

  void read();
  void drop_aside();
  bool drop_line();
  bool drop_frame();

  Loop& loop_;
  boost::asio::posix::stream_descriptor port_;
  std::array<char, read_size> buffer_{};
  std::string unread_;
  std::size_t taken_ = 0;  // bytes taken since the start
  std::vector<Arrival> arrivals_;
  std::set<char> ringing_;  // DLCIs, as MSC names them, whose ring indicator was active
  bool gone_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for reads that end after us
};

/// A raw file descriptor of the port, non-blocking. Throws PortGone.
int open_port(const PortSpec& spec);

}  // namespace conformance
