// What the module tells of the cell it hears: signal strength, network type, serving and neighbour
// cells, service indicators. Everything is computed from the scene (Scenario). Owned by the Device
// (manual 4.5, 6.3, 6.9, 6.11).
#pragma once

#include "at_engine/command.hpp"
#include "emulator/device/network/network.hpp"
#include "emulator/device/scenario.hpp"

#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace emulator::device {

class Measurement {
 public:
  Measurement(const Scenario& scenario, const Network& network)
      : scenario_(scenario), network_(network) {}

  static const std::array<at::Command<Measurement>, 8>& commands();

  /// Where it is asked whether the message memory is full.
  void ask_messages(std::function<bool()> full) { messages_full_ = std::move(full); }

  /// Signal as +CSQ counts it: 0-31, 99 unknown.
  [[nodiscard]] int rssi() const;
  /// 0-5 as +CIND shows them.
  [[nodiscard]] int bars() const;

 private:
  at::Outcome signal();
  at::Outcome signal_in_db();
  at::Outcome extended_signal();
  at::Outcome network_info();
  at::Outcome cells(const at::Args& args);
  at::Outcome operator_name();
  at::Outcome indicators();
  at::Outcome last_cause();

  [[nodiscard]] at::Outcome serving_cell() const;
  [[nodiscard]] at::Outcome neighbour_cells() const;
  [[nodiscard]] bool time_division() const;

  const Scenario& scenario_;
  const Network& network_;
  std::function<bool()> messages_full_;
};

}  // namespace emulator::device
