// The list of preferred operators on the card, +CPOL (manual 6.4; 27.007 7.19). Which network there
// is, the Scenario says; the list is kept for hosts that write and read it. Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "emulator/device/scenario.hpp"
#include "emulator/device/settings/nvram.hpp"
#include "emulator/device/sim/sim.hpp"

#include <array>
#include <map>
#include <string>

namespace emulator::device {

class PreferredOperators {
 public:
  /// Entries that the card has room for.
  static constexpr int max_entries = 20;

  PreferredOperators(Nvram& nvram, const Sim& sim, const Scenario& scenario)
      : nvram_(nvram), sim_(sim), scenario_(scenario) {}

  static const std::array<at::Command<PreferredOperators>, 1>& commands();

  /// The module starts: operators are shown by number.
  void start() { format_ = numeric; }

  void snapshot(at::Memo& memo) { memo.whole("cpol_format", format_, at::number("format", 0, 2)); }

 private:
  static constexpr int numeric = 2;
  using List = std::map<int, std::string>;  // MCC and MNC by index

  at::Outcome list();
  at::Outcome set(const at::Args& args);

  [[nodiscard]] std::string storage_name() const;
  [[nodiscard]] List load() const;
  [[nodiscard]] bool store(const List& list);
  [[nodiscard]] const Operator* known(int format, const std::string& name) const;
  [[nodiscard]] std::string entry(int index, const std::string& plmn) const;

  Nvram& nvram_;
  const Sim& sim_;
  const Scenario& scenario_;
  int format_ = numeric;
};

}  // namespace emulator::device
