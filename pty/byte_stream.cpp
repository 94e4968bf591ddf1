#include "pty/byte_stream.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <spdlog/spdlog.h>

namespace pty {

using boost::system::error_code;

error_code ByteStream::attach(int descriptor) {
  close();
  error_code error;
  descriptor_.assign(descriptor, error);
  if (error) {
    ::close(descriptor);
    return error;
  }
  attachment_ = std::make_shared<char>();
  descriptor_.non_blocking(true, error);
  if (error) close();
  return error;
}

void ByteStream::read(Events events) { read_on(std::make_shared<Events>(std::move(events))); }

void ByteStream::read_on(const std::shared_ptr<Events>& events) {
  if (held_)
    held_events_ = events;
  else
    await_input(events);
}

void ByteStream::hold(bool held) {
  held_ = held;
  if (held) return;
  if (const auto events = std::exchange(held_events_, nullptr)) await_input(events);
}

void ByteStream::await_input(const std::shared_ptr<Events>& events) {
  descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [this, events, attachment = std::weak_ptr(attachment_)](error_code error) {
                           if (attachment.expired()) return;
                           // A regular file cannot be waited for; there is always something to
                           // read.
                           if (error && error != boost::asio::error::operation_not_supported)
                             events->ended(error);
                           else
                             read_some(events);
                         });
}

void ByteStream::read_some(const std::shared_ptr<Events>& events) {
  // Not a member: an idle port needs no memory for it.
  std::array<char, read_size> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  error_code error;
  const std::size_t size = descriptor_.read_some(boost::asio::buffer(buffer), error);
  const std::weak_ptr attachment = attachment_;
  if (error == boost::asio::error::would_block || error == boost::asio::error::interrupted)
    return read_on(events);
  if (error) return events->ended(error);
  events->received({buffer.data(), size});
  if (!attachment.expired()) read_on(events);
}

void ByteStream::watch_output(std::function<void()> gone) {
  descriptor_.async_wait(
      boost::asio::posix::stream_descriptor::wait_error,
      [gone = std::move(gone), attachment = std::weak_ptr(attachment_)](error_code) {
        if (!attachment.expired()) gone();
      });
}

void ByteStream::write(std::string_view bytes) {
  if (!attached()) return;
  if (queued() == 0) bytes = send(bytes);
  if (!bytes.empty()) enqueue(bytes);
}

std::string_view ByteStream::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::write(native(), bytes.data(), bytes.size());
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      taken_ += static_cast<std::uint64_t>(sent);
    } else if (errno == EAGAIN) {
      return bytes;
    } else if (errno != EINTR) {
      spdlog::debug("port: {} bytes lost: {}", bytes.size(),
                    error_code(errno, boost::system::system_category()).message());
      return {};
    }
  }
  return bytes;
}

void ByteStream::enqueue(std::string_view bytes) {
  if (bytes.size() > queue_limit - queued()) {
    if (lost_ == 0)
      spdlog::warn("port: the host does not read; output past {} bytes is dropped", queue_limit);
    lost_ += bytes.size();
    return;
  }
  if (sent_ > queue_.size() / 2) {
    queue_.erase(0, sent_);
    sent_ = 0;
  }
  queue_ += bytes;
  await_room();
}

void ByteStream::await_room() {
  if (std::exchange(awaiting_room_, true)) return;
  descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_write,
                         [this, attachment = std::weak_ptr(attachment_)](error_code error) {
                           if (attachment.expired()) return;
                           awaiting_room_ = false;
                           if (error) {
                             discard();
                           } else {
                             send_queued();
                           }
                         });
}

void ByteStream::send_queued() {
  const std::size_t left = send(std::string_view(queue_).substr(sent_)).size();
  sent_ = queue_.size() - left;
  if (left == 0) {
    discard();
    if (drained_) drained_();
  } else {
    await_room();
  }
}

void ByteStream::discard() {
  queue_.clear();
  sent_ = 0;
  if (lost_ > 0) spdlog::warn("port: {} bytes were dropped", lost_);
  lost_ = 0;
}

void ByteStream::drain(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (attached() && queued() > 0) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd room{native(), POLLOUT, 0};
    if (left.count() <= 0 || ::poll(&room, 1, static_cast<int>(left.count())) <= 0) return;
    const std::size_t rest = send(std::string_view(queue_).substr(sent_)).size();
    sent_ = queue_.size() - rest;
  }
}

void ByteStream::close() {
  const int descriptor = release();
  if (descriptor >= 0) ::close(descriptor);
}

int ByteStream::release() {
  attachment_.reset();
  awaiting_room_ = false;
  held_events_.reset();
  discard();
  return attached() ? descriptor_.release() : -1;
}

}  // namespace pty
