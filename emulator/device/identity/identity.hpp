// Who the module says it is: ATI, +CGMI, +CGMM, +CGMR, +CGSN and their twins (manual 2.1 to 2.8).
// Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "emulator/device/identity/profile.hpp"
#include "emulator/device/settings/nvram.hpp"
#include "emulator/device/sim/sim_card.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace emulator::device {

struct IdentityValues {
  std::string manufacturer = "Quectel";
  std::string model;
  std::string revision;
  std::string build;  // what +QGMR appends
  std::string edition = "V01";
  std::string imei;  // 15 digits
  std::string serial_number;
};

/// Most modems of one fleet, each with numbers of its own.
constexpr int max_instance = 99998;

/// The module number `instance` of a fleet, and the card in it.
IdentityValues identity_of(const ModelProfile& profile, int instance);
SimCard card_of(int instance);

class Identity {
 public:
  Identity(IdentityValues values, Nvram& nvram) : values_(std::move(values)), nvram_(nvram) {}

  static const std::array<at::Command<Identity>, 12>& commands();

  [[nodiscard]] const std::string& model() const { return values_.model; }
  /// Of the firmware that runs: what an update has brought, or the factory's.
  [[nodiscard]] std::string revision() const { return firmware().revision; }
  /// From now on, over power-off and AT&F, it is of this revision. An empty `build`: as it was.
  /// False when that cannot be stored.
  [[nodiscard]] bool update(const std::string& revision, const std::string& build);

 private:
  at::Outcome information(const at::Args& args);
  at::Outcome capabilities();
  at::Outcome manufacturer();
  at::Outcome show_model();
  at::Outcome show_revision();
  at::Outcome full_revision();
  at::Outcome imei();
  at::Outcome serial(const at::Args& args);
  at::Outcome edition();

  struct Firmware {
    std::string revision;
    std::string build;
  };
  [[nodiscard]] Firmware firmware() const;

  IdentityValues values_;
  Nvram& nvram_;
};

/// The check digit behind `digits` (Luhn), of an IMEI or ICCID.
char luhn_digit(std::string_view digits);

}  // namespace emulator::device
