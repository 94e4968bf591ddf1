// What a unit claims (PICS): who it is, which of the knobs it has, how exact its timers are, and
// what must be typed before it is ready. A file in TOML, as in profiles/.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace conformance {

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

/// Throws std::runtime_error with one line: no file, no TOML, an unknown key, a number that is
/// none.
Profile read_profile(const std::filesystem::path& file);

}  // namespace conformance
