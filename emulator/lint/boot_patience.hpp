// Whether the host waits until the module has started (rule command-during-boot). Owned by the
// Linter.
#pragma once

#include "emulator/lint/check.hpp"

#include <set>

namespace emulator::lint {

class BootPatience : public Check {
 public:
  using Check::Check;
  using Observer::saw;

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;
  void saw(at::Time at, const device::Event& event) override;

 private:
  bool booting_ = false;
  std::set<int> reported_;  // channels, of this boot
};

}  // namespace emulator::lint
