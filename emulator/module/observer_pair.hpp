// Two who look on at one channel: its own onlooker and the module's. Owned by the channel.
#pragma once

#include "at_engine/observer.hpp"

namespace emulator {

class ObserverPair : public at::Observer {
 public:
  /// Each may be null.
  ObserverPair(at::Observer* first, at::Observer* second) : first_(first), second_(second) {}

  /// Whom a terminal has to tell; null when there is nobody.
  [[nodiscard]] at::Observer* whom() {
    if (first_ == nullptr || second_ == nullptr) return first_ == nullptr ? second_ : first_;
    return this;
  }

  void saw(at::Time at, at::Asker channel, const at::Event& event) override {
    first_->saw(at, channel, event);
    second_->saw(at, channel, event);
  }

 private:
  at::Observer* first_;
  at::Observer* second_;
};

}  // namespace emulator
