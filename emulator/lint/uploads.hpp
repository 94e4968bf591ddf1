// Whether the host sends the files that it announces (rule short-upload). Owned by the Linter.
#pragma once

#include "emulator/lint/check.hpp"

#include <map>
#include <string>

namespace emulator::lint {

class Uploads : public Check {
 public:
  using Check::Check;
  using Observer::saw;

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;

 private:
  struct Upload {
    std::string line{};    // of the command that runs
    bool expired = false;  // its time ran out while its prompt was open
  };

  std::map<int, Upload> uploads_;  // by channel
};

}  // namespace emulator::lint
