#include "emulator/pump.hpp"

#include <cmath>

namespace emulator {
namespace {

using RealMicros = std::chrono::duration<double, std::micro>;

}  // namespace

void Pump::catch_up() {
  const RealMicros elapsed = std::chrono::steady_clock::now() - start_;
  timeline_.run_until(
      at::Time(at::Duration(static_cast<at::Duration::rep>(elapsed.count() * scale_))));
}

void Pump::arm() {
  const auto next = timeline_.next();
  if (stopped_ || next == armed_for_) return;
  armed_for_ = next;
  if (!next) {
    timer_.cancel();
    return;
  }
  const RealMicros real(std::ceil(static_cast<double>(next->time_since_epoch().count()) / scale_));
  timer_.expires_at(start_ + std::chrono::ceil<std::chrono::steady_clock::duration>(real));
  timer_.async_wait([this](boost::system::error_code error) {
    if (error || stopped_) return;
    armed_for_.reset();
    run([] {});
  });
}

void Pump::stop() {
  stopped_ = true;
  timer_.cancel();
}

}  // namespace emulator
