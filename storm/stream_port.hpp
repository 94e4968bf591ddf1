// What ports of all kinds have in common: reading into a small buffer of their own, and writing
// without waiting. What happens is told by the loop, never from inside a call. Owned by the Member;
// has to live as long as the loop runs.
#pragma once

#include "storm/core/host_port.hpp"
#include "storm/port_listener.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace storm {

template <class Stream>
class StreamPort : public HostPort {
 public:
  /// Taken at a time, in bytes.
  static constexpr std::size_t max_read = 2048;
  /// Kept for a modem that takes nothing, in bytes. More closes the port.
  static constexpr std::size_t max_unsent = 8192;

  void write(std::string_view bytes) override {
    if (!stream_.is_open()) return;
    const bool is_idle = unsent_.empty();
    if (unsent_.size() + bytes.size() > max_unsent) return fail("it takes nothing");
    unsent_ += bytes;
    if (is_idle) send();
  }

  void close() override {
    ++opening_;
    boost::system::error_code ignored;
    stream_.close(ignored);
    unsent_.clear();
  }

 protected:
  using Error = boost::system::error_code;

  StreamPort(boost::asio::io_context& loop, PortListener& listener)
      : loop_(loop), listener_(listener), stream_(loop) {}

  boost::asio::io_context& loop() { return loop_; }
  Stream& stream() { return stream_; }

  /// `handler` for something asynchronous, which does nothing once the port has been closed.
  template <class Handler>
  auto while_open(Handler handler) {
    return [this, opening = opening_, handler = std::move(handler)](auto... results) {
      if (opening == opening_) handler(results...);
    };
  }

  /// The stream is open by now, and does not block.
  void succeed() {
    listener_.opened();
    if (stream_.is_open()) read();
  }

  void fail(std::string why) {
    boost::asio::post(loop_, while_open([this, why = std::move(why)] {
                        close();
                        listener_.closed(why);
                      }));
  }

 private:
  void read() {
    stream_.async_read_some(boost::asio::buffer(buffer_),
                            while_open([this](Error error, std::size_t size) {
                              if (error) return fail(error.message());
                              const auto opening = opening_;
                              listener_.heard({buffer_.data(), size});
                              if (opening == opening_) read();
                            }));
  }

  void send() {
    Error error;
    const auto size = stream_.write_some(boost::asio::buffer(unsent_), error);
    unsent_.erase(0, size);
    if (error && error != boost::asio::error::would_block) return fail(error.message());
    if (unsent_.empty()) return;
    stream_.async_wait(Stream::wait_write, while_open([this](Error failed) {
                         if (failed) return fail(failed.message());
                         send();
                       }));
  }

  boost::asio::io_context& loop_;
  PortListener& listener_;
  Stream stream_;
  unsigned opening_ = 0;  // which one; grows with every close
  std::string unsent_;
  std::array<char, max_read> buffer_{};
};

}  // namespace storm
