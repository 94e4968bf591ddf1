// Power and function level: boot, +CFUN, +QPOWD, and what belongs to the supply (manual 2.21, 4.1,
// 10.1, 10.3 to 10.5). Says what happened; the Modem does what follows for terminals and clients.
// Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/pending.hpp"
#include "at_engine/urc.hpp"
#include "cellular/latency.hpp"
#include "emulator/device/network/network.hpp"
#include "emulator/device/power/boot_times.hpp"
#include "emulator/device/scenario.hpp"
#include "emulator/device/settings/nvram.hpp"
#include "emulator/device/settings/qcfg.hpp"
#include "emulator/device/sim/sim.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace emulator::device {

class Power {
 public:
  enum class State { off, booting, ready };

  struct Hooks {
    std::function<void()> off;                                   // everything of the module ends
    std::function<void()> on;                                    // everything starts afresh
    std::function<void(at::Asker, std::string)> power_down_urc;  // said whatever the host is doing
  };

  /// What it acts on; all outlive it.
  struct Parts {
    at::Timeline& timeline;
    at::Announce& announce;
    cellular::Latency& latency;
    Nvram& nvram;
    const Scenario& scenario;
    const Qcfg& qcfg;
    Sim& sim;
    Network& network;
  };

  Power(Parts parts, BootTimes times, Hooks hooks);

  static const std::array<at::Command<Power>, 8>& commands();

  /// Told of every change of the state or the function level, as it happens. Set once.
  void on_change(std::function<void(State state, int function_level)> watcher) {
    watcher_ = std::move(watcher);
  }

  /// For faults: `hangs` is asked when a boot begins, and `gone` told when the module has gone
  /// down. Set once.
  struct Watch {
    std::function<bool()> hangs;
    std::function<void()> gone;
  };
  void watch(Watch watch) { watch_ = std::move(watch); }
  /// A boot that hangs goes on.
  void boot_on();

  /// Asked behind RDY: whether the module has started for an update of its firmware, which takes
  /// the place of the rest of the start and ends in restart(). Set once.
  void ask_for_update(std::function<bool()> update) { update_ = std::move(update); }
  /// Off, and on again as soon as a module can be.
  void restart();

  /// Switches on, if it is off: settings from flash, boot URCs, registration.
  void on();
  /// The reset line, or a fault: off and on again at once, without a word.
  void hard_reset();
  /// The supply fails: off without a word, and on again after `pause`.
  void cut(at::Duration pause);
  /// The supply is gone: off without a word, and it stays off.
  void cut();
  /// The power key was held long enough: as AT+QPOWD, with its URC.
  void press_off();

  /// True from switching on to switching off, the boot included.
  [[nodiscard]] bool is_on() const { return on_; }
  /// <fun> of +CFUN.
  [[nodiscard]] int level() const { return level_; }
  /// True once the module listens to its ports.
  [[nodiscard]] bool is_ready() const { return ready_; }
  /// AT+QSCLK=1: it may sleep while the host's DTR lets it.
  [[nodiscard]] bool may_sleep() const { return ready_ && sleep_ == 1; }
  /// True once +CFUN: 1 was said and the SIM has its supply.
  [[nodiscard]] bool is_functional() const { return functional_; }
  /// A fault keeps it from its boot.
  [[nodiscard]] bool hangs() const { return hanging_; }

  [[nodiscard]] std::optional<std::string> busy() const;
  /// Sets nothing off: the other parts take back their own.
  void snapshot(at::Memo& memo);

 private:
  at::Outcome function_level();
  at::Outcome set_function_level(const at::Args& args);
  at::Outcome power_down(const at::Call& call);
  at::Outcome get_sleep();
  at::Outcome set_sleep(const at::Args& args);
  at::Outcome activity();
  at::Outcome battery();
  at::Outcome temperature();
  at::Outcome voltage(const at::Args& args);
  at::Outcome get_diagnostics();
  at::Outcome set_diagnostics(const at::Args& args);

  void tell_watcher() const;
  void boot();
  void go_down(at::Asker asker);
  void ready();
  void apply(int level);
  void off();

  Parts parts_;
  BootTimes times_;
  Hooks hooks_;
  std::function<void(State, int)> watcher_;
  Watch watch_;
  std::function<bool()> update_;
  at::Timer power_timer_;  // of a boot, power-down or restart
  at::Pending changing_;   // the function level
  at::Ground ground_;      // the module is on
  bool on_ = false;
  bool ready_ = false;
  bool functional_ = false;
  bool hanging_ = false;   // in its boot
  bool updating_ = false;  // its firmware
  int level_ = 0;          // <fun>: 0 minimum, 1 full, 4 radio off
  int sleep_ = 0;          // +QSCLK
};

}  // namespace emulator::device
