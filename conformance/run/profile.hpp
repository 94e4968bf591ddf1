// What a unit claims (PICS): who it is, which of the knobs it has, how exact its timers are, and
// what must be typed before it is ready. A file in TOML, as in profiles/.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace conformance {

/// What can be claimed: knob → its values. A claim that no case asks for would only hide a slip.
using KnownClaims = std::map<std::string, std::set<std::string>>;

struct Profile {
  std::string unit = "unit under test";
  /// How early a timer of the unit may act, and how late its effect may be seen.
  std::chrono::milliseconds timer_early{150};
  std::chrono::milliseconds timer_late{700};
  /// Commands for a unit that is not ready by itself, such as AT+QICSGP; each must be answered OK.
  std::vector<std::string> setup{};
  /// Further first words of URCs that are set aside.
  std::vector<std::string> aside{};
  /// knob → value; a knob that is not claimed has no value.
  std::map<std::string, std::string> claims{};

  [[nodiscard]] bool claims_that(const std::string& knob, const std::string& value) const;
};

/// Throws std::runtime_error with one line, which names the line of the file where there is one: no
/// file, a line that is none of a profile, an unknown key or claim, a value that it cannot have, no
/// `unit`.
Profile read_profile(const std::filesystem::path& file, const KnownClaims& known);

}  // namespace conformance
