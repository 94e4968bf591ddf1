// What the MQTT library does not tell about a message: one entry for each PUBLISH that it was given
// and has not delivered yet, in the order in which it will. Owned by each Relay; pure.
#pragma once

#include "mqtt_backend/link/packet.hpp"
#include "mqtt_backend/link/queue.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mqtt_backend {

struct Delivery {
  std::uint16_t id;
  int qos;
  bool dup;
  std::string topic;
  std::size_t bytes;  // of the whole packet
};

class Deliveries {
 public:
  /// Under way in the library: from either on it should be given no more.
  static constexpr std::size_t max_bytes = 1024 * 1024;
  static constexpr std::size_t max_messages = 2048;

  void push(std::uint16_t id, const Packet& publish) {
    waiting_.push_back({id, qos_of(publish), dup_of(publish),
                        std::string(topic_of(publish).value_or("")), publish.size()});
    bytes_ += publish.size();
  }

  /// The entry of a message that was delivered; nothing when it is not the next one.
  std::optional<Delivery> take(std::string_view topic, int qos) {
    if (empty() || waiting_.front().topic != topic || waiting_.front().qos != qos)
      return std::nullopt;
    auto delivery = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= delivery.bytes;
    return delivery;
  }

  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  [[nodiscard]] bool full() const { return bytes_ >= max_bytes || waiting_.size() >= max_messages; }

 private:
  Queue<Delivery> waiting_;
  std::size_t bytes_ = 0;
};

}  // namespace mqtt_backend
