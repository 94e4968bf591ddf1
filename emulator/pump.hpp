// Real or scaled time drives the Timeline: virtual time = time since start x scale. Whatever comes
// from outside goes through run(), which first brings the timeline up to now, so that a late
// wake-up cannot reorder events. Owned by the Emulator; one io_context thread.
#pragma once

#include "at_engine/timeline.hpp"

#include <chrono>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace emulator {

class Pump {
 public:
  Pump(boost::asio::io_context& io, at::Timeline& timeline, double scale)
      : timeline_(timeline), timer_(io), scale_(scale) {}

  /// Delivers something from outside at the present moment.
  template <class Action>
  void run(Action&& action) {
    catch_up();
    action();
    arm();
  }

  void stop();

 private:
  void catch_up();
  void arm();

  at::Timeline& timeline_;
  boost::asio::steady_timer timer_;
  double scale_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::optional<at::Time> armed_for_;
  bool stopped_ = false;
};

}  // namespace emulator
