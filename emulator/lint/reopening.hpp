// Whether the host opens a client again that +QMTSTAT told it is down (rule no-reopen-after-stat).
// Owned by the Linter.
#pragma once

#include "emulator/lint/check.hpp"

#include <chrono>
#include <map>

namespace emulator::lint {

class Reopening : public Check {
 public:
  /// What is asked of the client this soon after +QMTSTAT may have been on its way already.
  static constexpr std::chrono::seconds reaction_time{1};
  /// How long a host may wait with the network there; judged at the end of the run.
  static constexpr std::chrono::seconds reopening_time{30};

  using Check::Check;
  using Observer::saw;

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;
  void saw(at::Time at, const device::Event& event) override;
  void end(at::Time at) override;

 private:
  struct Down {
    int code;
    at::Time since;
    bool asked = false;  // something was asked of it since
    bool reported = false;
  };

  void commanded(at::Time at, at::Asker channel, std::string_view line);

  std::map<int, Down> down_;  // by client_idx
  bool attached_ = false;
  at::Time attached_since_{};
};

}  // namespace emulator::lint
