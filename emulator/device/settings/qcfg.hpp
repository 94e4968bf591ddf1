// AT+QCFG: the module's extended settings (manual 4.4). What each key may be is in qcfg_keys.cpp;
// here they are asked for, set, stored and brought back. Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/log.hpp"
#include "at_engine/memo.hpp"
#include "emulator/device/identity/profile.hpp"
#include "emulator/device/settings/nvram.hpp"
#include "emulator/device/settings/qcfg_keys.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace emulator::device {

class Qcfg {
 public:
  /// `siblings`: the keys of sibling modules are kept too.
  Qcfg(Nvram& nvram, at::Log& log, const ModelProfile& profile, bool siblings);

  static const std::array<at::Command<Qcfg>, qcfg_key_count>& commands();
  /// Keys of sibling modules that hosts often send; kept and read back only (knob qcfg-siblings).
  static const std::array<at::Command<Qcfg>, qcfg_sibling_count>& sibling_commands();

  /// Told which key was set, after it.
  void on_change(std::function<void(std::string_view key)> listener) {
    listener_ = std::move(listener);
  }
  /// Where "sms/listmsgmap" finds the messages of a status, as hex digits; empty: no such status.
  void ask_message_map(std::function<std::string(const std::string& status)> map) {
    message_map_ = std::move(map);
  }
  /// Where "urc/port" finds the channel in use.
  void ask_port(std::function<std::string()> port) { port_ = std::move(port); }

  [[nodiscard]] const QcfgValues& values() const { return values_; }

  /// True when the module may use LTE band `band` (1 to 85).
  [[nodiscard]] bool band_allowed(int band) const;

  /// The module starts: what is stored, the rest as from the factory. A stored value that its key
  /// does not admit is passed over with a warning.
  void start();

  void snapshot(at::Memo& memo);

 private:
  template <class Each>
  void each_setting(Each&& each) const;

  at::Outcome access(const at::Args& args);
  at::Outcome tuner(const at::Args& args);
  at::Outcome window_size(const at::Args& args);
  at::Outcome message_map(const at::Args& args);

  [[nodiscard]] const QcfgSetting& setting(std::string_view key) const;
  at::Outcome keep(const QcfgSetting& key, QcfgValues values);

  Nvram& nvram_;
  at::Log& log_;
  const ModelProfile& profile_;
  bool siblings_;
  QcfgValues values_;
  std::function<void(std::string_view)> listener_;
  std::function<std::string(const std::string&)> message_map_;
  std::function<std::string()> port_;
};

}  // namespace emulator::device
