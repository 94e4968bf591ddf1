// The receive buffer of one client in recv/mode 1: five slots, read one by one or all at once (note
// 3.3.9). Owned by the Client.
#pragma once

#include "mqtt_backend/link.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace mqtt_backend {

class Inbox {
 public:
  static constexpr std::size_t slots = 5;

  /// The slot (recv_id) that took the message, the lowest free one; nothing when all are taken.
  std::optional<std::size_t> put(link_event::Message message) {
    for (std::size_t i = 0; i < slots; ++i) {
      if (stored_[i]) continue;
      stored_[i] = std::move(message);
      return i;
    }
    ++dropped_;
    return std::nullopt;
  }

  /// Empties a slot.
  std::optional<link_event::Message> take(std::size_t slot) {
    return std::exchange(stored_[slot], std::nullopt);
  }

  [[nodiscard]] bool holds(std::size_t slot) const { return stored_[slot].has_value(); }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  void clear() { stored_ = {}; }

 private:
  std::array<std::optional<link_event::Message>, slots> stored_{};
  std::uint64_t dropped_ = 0;
};

}  // namespace mqtt_backend
