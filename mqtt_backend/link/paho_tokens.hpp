// Tokens of the latest calls of one library object, touched by one thread at a time. Holding them
// lets the library release its own references first: it does that in code which ThreadSanitizer
// cannot see, and would otherwise report as a race with the release here.
#pragma once

#include "mqtt_backend/link/queue.hpp"

#include <cstddef>
#include <utility>

#include <mqtt/token.h>

namespace mqtt_backend {

class PahoTokens {
 public:
  /// Calls kept although they are complete: completion is noted shortly before the release. More
  /// are kept only while they are incomplete, which the caller's own limits bound.
  static constexpr std::size_t kept = 16;

  void keep(mqtt::token_ptr token) {
    tokens_.push_back(std::move(token));
    while (tokens_.size() > kept && tokens_.front()->is_complete()) tokens_.pop_front();
  }

  /// Only after the library's object is destroyed.
  void clear() { tokens_.clear(); }

 private:
  Queue<mqtt::token_ptr> tokens_;
};

}  // namespace mqtt_backend
