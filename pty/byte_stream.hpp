// One non-blocking descriptor with a reader and a writer that never waits: what the kernel does not
// take at once is queued, in order, up to a limit. Every port of this room sends and receives
// through it. Owned by its port; used on the io_context thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace pty {

class ByteStream {
 public:
  static constexpr std::size_t read_size = 4096;
  /// Bytes that may wait for a host that does not read.
  static constexpr std::size_t queue_limit = std::size_t{16} * 1024 * 1024;

  struct Events {
    /// What one read returned; never empty.
    std::function<void(std::string_view bytes)> received;
    /// Reading ended (end of input: boost::asio::error::eof). The descriptor stays attached.
    std::function<void(boost::system::error_code error)> ended;
  };

  /// The process must ignore SIGPIPE: then a host that left shows as an error of write().
  explicit ByteStream(boost::asio::io_context& io) : descriptor_(io) {}
  ~ByteStream() { close(); }
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// Owns `descriptor` from now on and makes it non-blocking. Closes the one before.
  /// On an error the descriptor is closed.
  boost::system::error_code attach(int descriptor);

  /// Reads until the input ends; may be called again after `ended`.
  void read(Events events);

  /// Reads no more for now, but for what is under way, or goes on.
  void hold(bool held);

  /// `drained` is told, never from inside a call, whenever a queue that there was is empty again.
  void when_drained(std::function<void()> drained) { drained_ = std::move(drained); }

  /// After the end of the input: `gone` comes once when the other side takes no more output.
  void watch_output(std::function<void()> gone);

  /// Sends one unit, with one system call if the kernel takes it. A unit that would exceed the
  /// queue limit is dropped whole; one that cannot be sent is lost.
  void write(std::string_view bytes);

  /// Forgets what is queued.
  void discard();

  /// Waits up to `limit` for the queue to be taken by the kernel.
  void drain(std::chrono::milliseconds limit);

  /// Detaches and closes. No event comes afterwards.
  void close();

  /// Detaches without closing: returns the descriptor, -1 if there is none.
  int release();

  [[nodiscard]] bool attached() const { return descriptor_.is_open(); }
  [[nodiscard]] std::size_t queued() const { return queue_.size() - sent_; }
  /// Bytes that the kernel has taken, in all.
  [[nodiscard]] std::uint64_t taken() const { return taken_; }
  [[nodiscard]] int native() const { return descriptor_.native_handle(); }
  [[nodiscard]] boost::asio::any_io_executor executor() { return descriptor_.get_executor(); }

 private:
  void read_on(const std::shared_ptr<Events>& events);
  void await_input(const std::shared_ptr<Events>& events);
  void read_some(const std::shared_ptr<Events>& events);
  /// Returns what could not be sent now.
  std::string_view send(std::string_view bytes);
  void enqueue(std::string_view bytes);
  void await_room();
  void send_queued();

  // Asio tells the handle of a constant object to nobody.
  mutable boost::asio::posix::stream_descriptor descriptor_;
  std::string queue_;
  std::size_t sent_ = 0;
  bool awaiting_room_ = false;
  std::function<void()> drained_;
  bool held_ = false;
  std::shared_ptr<Events> held_events_;  // of the reading that goes on later
  std::uint64_t taken_ = 0;
  std::uint64_t lost_ = 0;  // of this episode
  // Handlers still under way when the stream is closed must not touch it.
  std::shared_ptr<char> attachment_;
};

}  // namespace pty
