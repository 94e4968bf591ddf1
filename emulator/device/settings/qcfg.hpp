// AT+QCFG: the module's extended settings. A table of keys with what they may be; each is stored at
// once or lives until power-off, and whoever acts on one asks for it here. Owned by the Modem
// (manual 4.4).
#pragma once

#include "at_engine/command.hpp"
#include "emulator/device/identity/profile.hpp"
#include "emulator/device/settings/nvram.hpp"

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::device {

struct QcfgRow;

class Qcfg {
 public:
  static constexpr std::size_t key_count = 29;
  static constexpr std::size_t sibling_count = 5;

  Qcfg(Nvram& nvram, const ModelProfile& profile) : nvram_(nvram), profile_(profile) {}

  static const std::array<at::Command<Qcfg>, key_count>& commands();
  /// Keys of sibling modules that hosts often send; kept and read back only (knob qcfg-siblings).
  static const std::array<at::Command<Qcfg>, sibling_count>& sibling_commands();

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

  /// Value `i` of a key as a number, or as text.
  [[nodiscard]] int number(std::string_view key, std::size_t i = 0) const;
  [[nodiscard]] std::string text(std::string_view key, std::size_t i = 0) const;

  /// True when the module may use LTE band `band` (1 to 85).
  [[nodiscard]] bool band_allowed(int band) const;

  /// The module starts: what was not stored is as from the factory.
  void start() { volatile_.clear(); }

 private:
  using Values = std::vector<std::string>;

  static const std::array<QcfgRow, key_count + sibling_count>& rows();
  static const QcfgRow& row(std::string_view key);

  at::Outcome access(const at::Args& args);
  at::Outcome one_of_several(const at::Args& args);
  at::Outcome message_map(const at::Args& args);

  [[nodiscard]] Values values(const QcfgRow& row) const;
  at::Outcome keep(const QcfgRow& row, const Values& values);

  Nvram& nvram_;
  const ModelProfile& profile_;
  std::map<std::string, Values, std::less<>> volatile_;
  std::function<void(std::string_view)> listener_;
  std::function<std::string(const std::string&)> message_map_;
  std::function<std::string()> port_;
};

}  // namespace emulator::device
