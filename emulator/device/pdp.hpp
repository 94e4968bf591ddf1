// Packet data contexts. Owned by the Device.
#pragma once

#include "emulator/device/network.hpp"
#include "mqtt_backend/bearer.hpp"

#include <functional>
#include <utility>
#include <vector>

namespace emulator::device {

class Pdp : public mqtt_backend::Bearer {
 public:
  explicit Pdp(const Network& network) : network_(network) {}

  [[nodiscard]] bool bring_up(int) override { return network_.attached(); }

  /// Who is told that a context is gone.
  void on_lost(std::function<void(int cid)> listener) { lost_ = std::move(listener); }

  /// Packet data can flow from now on, or no longer.
  void attached() {}
  void detached() {
    for (int cid = 1; lost_ && cid <= 15; ++cid) lost_(cid);
  }
  /// The network took these contexts down.
  void deactivated(const std::vector<int>& cids) {
    for (const int cid : cids)
      if (lost_) lost_(cid);
  }

  void reset() {}

 private:
  const Network& network_;
  std::function<void(int)> lost_;
};

}  // namespace emulator::device
