// AT+QINDCFG: which indications the module gives by itself, and those that come from signal and
// service: +QIND: "csq", "act", "SQI" and ^MODE. Owned by the Device (manual 4.3).
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/urc.hpp"
#include "emulator/device/network/measurement.hpp"
#include "emulator/device/network/network.hpp"
#include "emulator/device/scenario.hpp"
#include "emulator/device/settings/nvram.hpp"

#include <array>
#include <string>
#include <string_view>

namespace emulator::device {

/// Which indications are given, with the factory's choice.
struct IndicationChoices {
  bool all = true;
  bool csq = false;
  bool datastatus = false;
  bool mode = false;
  bool smsfull = false;
  bool act = false;
  bool sqi = false;
  bool smsincoming = true;
};

class Indications {
 public:
  Indications(at::Announce& announce, Nvram& nvram, const Scenario& scenario,
              const Network& network, const Measurement& measurement)
      : announce_(announce),
        nvram_(nvram),
        scenario_(scenario),
        network_(network),
        measurement_(measurement) {}

  static const std::array<at::Command<Indications>, 1>& commands();

  /// The module starts: the stored choice.
  void start();

  void snapshot(at::Memo& memo);

  /// True when the indication `key` is wanted.
  [[nodiscard]] bool wanted(std::string_view key) const;

  /// Signal or service may have changed.
  void look();

 private:
  at::Outcome configure(const at::Args& args);
  void tell(std::string_view key, std::string& said, std::string line);

  at::Announce& announce_;
  Nvram& nvram_;
  const Scenario& scenario_;
  const Network& network_;
  const Measurement& measurement_;
  IndicationChoices choices_;
  std::string csq_;
  std::string act_;
  std::string sqi_;
  std::string mode_;
};

}  // namespace emulator::device
