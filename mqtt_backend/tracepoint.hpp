// Where one client tells its observer what happens, if there is one. Owned by the Client.
#pragma once

#include "mqtt_backend/observer.hpp"

namespace mqtt_backend {

class Tracepoint {
 public:
  /// Both outlive it; `observer` may be null.
  Tracepoint(at::Timeline& timeline, Observer* observer, int client_idx)
      : timeline_(timeline), observer_(observer), client_idx_(client_idx) {}

  [[nodiscard]] at::Timeline& timeline() const { return timeline_; }
  [[nodiscard]] bool watched() const { return observer_ != nullptr; }

  template <class Happening>
  void tell(const Happening& happening) const {
    if (observer_ != nullptr) observer_->saw(timeline_.now(), client_idx_, Event{happening});
  }

 private:
  at::Timeline& timeline_;
  Observer* observer_;
  int client_idx_;
};

}  // namespace mqtt_backend
