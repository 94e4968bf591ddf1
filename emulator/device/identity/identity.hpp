// Who the module says it is: ATI, +CGMI, +CGMM, +CGMR, +CGSN and their twins (manual 2.1 to 2.8).
// Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "emulator/device/identity/profile.hpp"
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
  explicit Identity(IdentityValues values) : values_(std::move(values)) {}

  static const std::array<at::Command<Identity>, 12>& commands();

 private:
  at::Outcome information(const at::Args& args);
  at::Outcome capabilities();
  at::Outcome manufacturer();
  at::Outcome model();
  at::Outcome revision();
  at::Outcome full_revision();
  at::Outcome imei();
  at::Outcome serial(const at::Args& args);
  at::Outcome edition();

  IdentityValues values_;
};

/// The check digit behind `digits` (Luhn), of an IMEI or ICCID.
char luhn_digit(std::string_view digits);

}  // namespace emulator::device
