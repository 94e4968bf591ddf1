// Real time as a test says it is. The alarm rings when the test lets time pass.
#pragma once

#include "emulator/real_time.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace support {

class FakeTime : public emulator::RealTime {
 public:
  [[nodiscard]] Moment now() const override { return now_; }
  void ring_at(Moment when) override { rings_at = std::max(when, now_); }
  void cancel() override { rings_at.reset(); }

  /// Rings whenever it is due meanwhile.
  void pass(Moment::duration time) {
    const auto until = now_ + time;
    while (rings_at && *rings_at <= until) {
      now_ = *std::exchange(rings_at, std::nullopt);
      ring();
    }
    now_ = until;
  }

  std::optional<Moment> rings_at;

 private:
  Moment now_{};
};

}  // namespace support
