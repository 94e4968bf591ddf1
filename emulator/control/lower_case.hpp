// ASCII letters in lower case, for what HTTP compares without regard to case.
#pragma once

#include <string>
#include <string_view>

namespace emulator::control {

[[nodiscard]] inline std::string lower_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace emulator::control
