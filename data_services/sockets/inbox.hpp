// What has come for the host and is not told yet: the bytes of a stream, or datagrams with who sent
// them (SOCK-75). Its limit is the socket's to keep. Owned by a Socket.
#pragma once

#include "data_services/transport.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>

namespace data_services {

class Inbox {
 public:
  /// Whole pieces come out as they went in, or are parts of one stream.
  explicit Inbox(bool keeps_datagrams) : keeps_datagrams_(keeps_datagrams) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  void add(Arrival arrival) {
    size_ += arrival.bytes.size();
    if (keeps_datagrams_ || pieces_.empty())
      pieces_.push_back(std::move(arrival));
    else
      pieces_.front().bytes += arrival.bytes;
  }

  /// At most `most` bytes of the oldest piece; what is left of it is the next.
  [[nodiscard]] Arrival take(std::size_t most) {
    if (pieces_.empty()) return {};
    auto& oldest = pieces_.front();
    Arrival taken{oldest.bytes.substr(0, most), oldest.from};
    oldest.bytes.erase(0, taken.bytes.size());
    size_ -= taken.bytes.size();
    if (oldest.bytes.empty()) pieces_.pop_front();
    return taken;
  }

  void clear() {
    pieces_.clear();
    size_ = 0;
  }

 private:
  bool keeps_datagrams_;
  std::deque<Arrival> pieces_;
  std::size_t size_ = 0;
};

}  // namespace data_services
