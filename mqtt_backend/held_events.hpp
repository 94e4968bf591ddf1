// Events of a link whose results the latency policy keeps back, in the order in which they came
// (TIME-6). Knows when the first may be said and whether the link should read on; bytes are those
// of topics and payloads. Owned by each Client; pure.
#pragma once

#include "at_engine/timeline.hpp"
#include "mqtt_backend/link.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace mqtt_backend {

class HeldEvents {
 public:
  /// Past either the link has to stop reading; what is under way in it still finds room here.
  static constexpr std::size_t max_bytes = 4 * 1024 * 1024;
  static constexpr std::size_t max_events = 8192;

  /// An event is said at `not_before` and behind all that came before it, but no event stays past
  /// its `no_later`.
  void push(LinkEvent event, at::Time not_before, at::Time no_later);
  LinkEvent pop();
  void clear();

  [[nodiscard]] bool empty() const { return held_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// When the first event is to be said. Only when there is one.
  [[nodiscard]] at::Time due() const;

  /// True from reaching a limit until half of it is free again.
  [[nodiscard]] bool full() const { return full_; }
  /// How often a limit was reached.
  [[nodiscard]] std::uint64_t episodes() const { return episodes_; }

 private:
  struct Held {
    LinkEvent event;
    at::Time not_before;
    std::size_t bytes;
    std::uint64_t number;
  };
  /// The latest moment of an event that no later event undercuts.
  struct Latest {
    at::Time no_later;
    std::uint64_t number;
  };

  void measure();

  std::deque<Held> held_;
  std::deque<Latest> latest_;  // rising; the first is the earliest of all
  std::uint64_t pushed_ = 0;
  std::size_t bytes_ = 0;
  bool full_ = false;
  std::uint64_t episodes_ = 0;
};

}  // namespace mqtt_backend
