#include "mqtt_backend/link/framer.hpp"

namespace mqtt_backend {
namespace {

constexpr std::size_t max_length_bytes = 4;
// What the buffer may keep allocated between packets.
constexpr std::size_t idle_capacity = 16 * 1024;

}  // namespace

void Framer::append(const std::uint8_t* data, std::size_t size) {
  if (start_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
  }
  buffer_.insert(buffer_.end(), data, data + size);
}

Framer::Result Framer::next(Packet& packet) {
  const std::size_t have = buffered();
  const std::uint8_t* data = buffer_.data() + start_;
  std::size_t body = 0;
  std::size_t at = 1;
  for (;; ++at) {
    if (at > max_length_bytes) return Result::malformed;
    if (at >= have) return Result::more;
    body |= static_cast<std::size_t>(data[at] & 0x7F) << (7 * (at - 1));
    if ((data[at] & 0x80) == 0) break;
  }
  if (rule_ != nullptr && !rule_(data[0], body)) return Result::malformed;
  const std::size_t total = at + 1 + body;
  if (total > cap_) return Result::too_long;
  if (total > have) return Result::more;
  packet.assign(data, data + total);
  start_ += total;
  if (start_ == buffer_.size()) {
    start_ = 0;
    buffer_.clear();
    if (buffer_.capacity() > idle_capacity) buffer_.shrink_to_fit();
  }
  return Result::packet;
}

}  // namespace mqtt_backend
