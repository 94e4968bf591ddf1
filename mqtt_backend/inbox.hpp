// The receive buffer of one client in recv/mode 1: five slots, read one by one or all at once (note
// 3.3.9). Owned by the Client.
#pragma once

#include "mqtt_backend/link.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace mqtt_backend {

class Inbox {
 public:
  static constexpr std::size_t slots = 5;

  /// Of topics and payloads together, so that the longest packet that can be allowed has room.
  static constexpr std::size_t max_bytes = 16 * 1024 * 1024;

  /// The slot (recv_id) that took the message, the lowest free one; nothing when all are taken or
  /// there are too many bytes.
  std::optional<std::size_t> put(link_event::Message message) {
    const std::size_t size = size_of(message);
    for (std::size_t i = 0; i < slots; ++i) {
      if (stored_[i] || bytes_ + size > max_bytes) continue;
      bytes_ += size;
      stored_[i] = std::move(message);
      dropped_in_a_row_ = 0;
      return i;
    }
    ++dropped_;
    ++dropped_in_a_row_;
    return std::nullopt;
  }

  /// Empties a slot.
  std::optional<link_event::Message> take(std::size_t slot) {
    auto message = std::exchange(stored_[slot], std::nullopt);
    if (message) bytes_ -= size_of(*message);
    return message;
  }

  /// Slots that are taken.
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(
        std::count_if(stored_.begin(), stored_.end(), [](const auto& slot) { return !!slot; }));
  }
  [[nodiscard]] bool holds(std::size_t slot) const { return stored_[slot].has_value(); }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// True after the first drop since a message was taken in.
  [[nodiscard]] bool dropping_begins() const { return dropped_in_a_row_ == 1; }
  void clear() {
    stored_ = {};
    bytes_ = 0;
  }

 private:
  static std::size_t size_of(const link_event::Message& message) {
    return message.topic.size() + message.payload.size();
  }

  std::array<std::optional<link_event::Message>, slots> stored_{};
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t dropped_in_a_row_ = 0;
};

}  // namespace mqtt_backend
