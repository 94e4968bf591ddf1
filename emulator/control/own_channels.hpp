// Channels that nobody has a port for: opened and typed on over the control interface, heard in the
// journal (contract CTL-22). Owned by the Unit.
#pragma once

#include "at_engine/port.hpp"
#include "at_engine/terminal.hpp"
#include "emulator/faults/fault_injector.hpp"
#include "emulator/journal/keeper.hpp"
#include "emulator/module/modem.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace emulator::control {

class OwnChannels {
 public:
  static constexpr std::size_t most = 8;

  /// All three live as long.
  OwnChannels(Modem& modem, faults::FaultInjector& injector, journal::Keeper& keeper)
      : modem_(modem), injector_(injector), keeper_(keeper) {}

  /// A name that no channel has. False when there are too many already.
  [[nodiscard]] bool open(const std::string& name);
  /// False when it is none of these.
  [[nodiscard]] bool close(std::string_view name);
  [[nodiscard]] bool has(std::string_view name) const { return channels_.count(name) > 0; }

 private:
  /// What it says is heard by who looks on at the terminal.
  struct Nowhere : at::Port {
    void write(std::string_view) override {}
  };
  struct Channel {
    Nowhere port{};
    at::Terminal* terminal = nullptr;
  };

  Modem& modem_;
  faults::FaultInjector& injector_;
  journal::Keeper& keeper_;
  std::map<std::string, Channel, std::less<>> channels_;
};

}  // namespace emulator::control
