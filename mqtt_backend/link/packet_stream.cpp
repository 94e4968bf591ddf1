#include "mqtt_backend/link/packet_stream.hpp"

#include "kernel/tcp.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

namespace mqtt_backend {

using boost::asio::ip::tcp;
using boost::system::error_code;

PacketStream::PacketStream(std::unique_ptr<net::Stream> stream, std::size_t cap, Acks acks,
                           Framer::HeaderRule rule)
    : stream_(std::move(stream)), framer_(cap, rule), acks_(acks) {
  error_code ignored;
  stream_->socket().set_option(tcp::no_delay(true), ignored);
}

void PacketStream::start(Events events) {
  events_ = std::move(events);
  read();
}

void PacketStream::hold(bool held) {
  held_ = held;
  if (held_) return;
  if (framer_.buffered() == 0) return read();
  // Who lets go may be busy with a packet himself.
  boost::asio::post(stream_->socket().get_executor(), [self = shared_from_this()] {
    self->cut_packets();
    self->read();
  });
}

bool PacketStream::send(Packet packet, std::uint64_t tag) {
  if (!open_ || backlog_ > max_backlog) return false;
  backlog_ += packet.size();
  queue_.push_back({std::move(packet), tag});
  if (queue_.size() == 1) write();
  return true;
}

void PacketStream::finish() {
  stream_->shut_down();
  close();
}

void PacketStream::close() {
  open_ = false;
  error_code ignored;
  stream_->socket().close(ignored);
}

void PacketStream::reset() {
  error_code ignored;
  stream_->socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
  close();
}

bool PacketStream::delivered() {
  const auto waiting = kernel::unacknowledged_bytes(stream_->socket().native_handle());
  return !waiting || (backlog_ == 0 && *waiting == 0);
}

void PacketStream::read() {
  if (!open_ || held_ || broken_ || reading_) return;
  // The peer leaves Nagle on.
  if (acks_ == Acks::quick) kernel::acknowledge_at_once(stream_->socket().native_handle());
  reading_ = true;
  stream_->read_some(boost::asio::buffer(chunk_),
                     [self = shared_from_this()](error_code error, std::size_t size) {
                       self->on_read(error, size);
                     });
}

void PacketStream::on_read(const error_code& error, std::size_t size) {
  reading_ = false;
  if (!open_) return;
  if (error) {
    events_.ended(error, std::nullopt);
    return;
  }
  framer_.append(chunk_.data(), size);
  fit_chunk(size);
  cut_packets();
  read();
}

/// A thousand links that wait need not have what one that streams needs.
void PacketStream::fit_chunk(std::size_t size) {
  if (size == chunk_.size() && size < max_chunk)
    chunk_ = std::vector<std::uint8_t>(2 * size);
  else if (size < chunk_.size() / 8 && chunk_.size() > min_chunk)
    chunk_ = std::vector<std::uint8_t>(min_chunk);
}

void PacketStream::cut_packets() {
  Packet packet;
  while (open_ && !held_ && !broken_) {
    switch (framer_.next(packet)) {
      case Framer::Result::packet:
        events_.packet(std::move(packet));
        packet = {};
        break;
      case Framer::Result::more:
        return;
      case Framer::Result::malformed:
        broken_ = true;
        events_.broken("malformed fixed header");
        return;
      case Framer::Result::too_long:
        broken_ = true;
        events_.broken("packet over the size limit");
        return;
    }
  }
}

void PacketStream::write() {
  const auto batch = next_batch();
  stream_->write(batch, [self = shared_from_this()](error_code error, std::size_t size) {
    self->on_written(error, size);
  });
}

boost::asio::const_buffer PacketStream::next_batch() {
  std::size_t size = 0;
  for (batched_ = 0; batched_ < queue_.size(); ++batched_) {
    const auto more = queue_[batched_].packet.size();
    if (batched_ > 0 && size + more > max_batch) break;
    size += more;
  }
  if (batched_ == 1) return boost::asio::buffer(queue_.front().packet);
  batch_.reserve(size);
  for (std::size_t i = 0; i < batched_; ++i)
    batch_.insert(batch_.end(), queue_[i].packet.begin(), queue_[i].packet.end());
  return boost::asio::buffer(batch_);
}

void PacketStream::on_written(const error_code& error, std::size_t size) {
  if (!open_) return;
  std::vector<Outgoing> written;
  written.reserve(batched_);
  for (; batched_ > 0 && queue_.front().packet.size() <= size; --batched_) {
    size -= queue_.front().packet.size();
    backlog_ -= queue_.front().packet.size();
    written.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  batched_ = 0;
  batch_ = {};
  if (!error && !queue_.empty()) write();
  for (const auto& [packet, tag] : written)
    if (open_) events_.written(packet, tag);
  if (!error || !open_) return;
  const bool all_out = queue_.empty();
  events_.ended(error, all_out ? std::nullopt : std::optional(type_of(queue_.front().packet)));
}

}  // namespace mqtt_backend
