// Who the module says it is: ATI, +CGMI, +CGMM, +CGMR, +CGSN and their twins (manual 2.1 to 2.8).
// Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "emulator/device/profile.hpp"

#include <array>
#include <string>

namespace emulator::device {

class Identity {
 public:
  explicit Identity(const ModelProfile& profile) : profile_(profile) {}

  static const std::array<at::Command<Identity>, 10>& commands();

 private:
  at::Outcome information(const at::Args& args);
  at::Outcome manufacturer();
  at::Outcome model();
  at::Outcome revision();
  at::Outcome full_revision();
  at::Outcome imei();
  at::Outcome serial(const at::Args& args);

  const ModelProfile& profile_;
};

/// The fifteenth digit of an IMEI whose first fourteen are given (Luhn).
char luhn_digit(std::string_view fourteen);

}  // namespace emulator::device
