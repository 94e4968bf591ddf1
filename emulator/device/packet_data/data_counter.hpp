// The count of packet data, +QGDCNT and +QAUGDCNT (manual chapter 9): bytes of the module's links
// since it was last set to zero, kept over power-off when it was saved. Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/timeline.hpp"
#include "cellular/traffic.hpp"
#include "emulator/device/settings/nvram.hpp"

#include <array>
#include <functional>
#include <utility>

namespace emulator::device {

class DataCounter {
 public:
  /// What went over all links since the program started.
  using Meter = std::function<cellular::Traffic()>;

  DataCounter(at::Timeline& timeline, Nvram& nvram, Meter meter)
      : nvram_(nvram), meter_(std::move(meter)), saving_(timeline) {}

  static const std::array<at::Command<DataCounter>, 2>& commands();

  /// The module starts: the count as saved.
  void start();
  /// The module stops.
  void reset() { saving_.stop(); }

  void snapshot(at::Memo& memo);

 private:
  at::Outcome count();
  at::Outcome operate(const at::Args& args);
  at::Outcome get_interval();
  at::Outcome set_interval(const at::Args& args);

  [[nodiscard]] cellular::Traffic metered() const;
  [[nodiscard]] cellular::Traffic now() const;
  [[nodiscard]] bool save();
  void save_later();

  Nvram& nvram_;
  Meter meter_;
  at::Timer saving_;
  cellular::Traffic carried_over_;  // saved before this start
  cellular::Traffic base_;          // what the meter showed at zero
  int interval_s_ = 0;              // of saving by itself; 0 = never
};

}  // namespace emulator::device
