// The ring indicator: pulses when something is said that no command answered, so that a sleeping
// host wakes (+QCFG "urc/ri/smsincoming" and "urc/ri/other", manual 4.4.1 to 4.4.3). What comes
// while it pulses adds nothing. Owned by the Device.
#pragma once

#include "at_engine/timeline.hpp"
#include "emulator/device/settings/qcfg.hpp"

#include <functional>
#include <string_view>
#include <utility>

namespace emulator::device {

class RingIndicator {
 public:
  /// `show` is told when the line becomes active and when it rests again.
  RingIndicator(at::Timeline& timeline, const Qcfg& qcfg, std::function<void(bool active)> show)
      : qcfg_(qcfg), show_(std::move(show)), timer_(timeline) {}

  /// `line` is said to a host.
  void said(std::string_view line);

  /// The module stops: the line rests.
  void reset();

 private:
  void pulse();

  const Qcfg& qcfg_;
  std::function<void(bool)> show_;
  at::Timer timer_;
  at::Duration duration_{};
  int pulses_left_ = 0;
};

}  // namespace emulator::device
