// What +CMUX sets (MUX-2 to MUX-4), in its order. Kept by the command, read by the Multiplexer.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace at::mux {

/// The numbers of +CMUX with what they are until the host says otherwise.
struct Parameters {
  int mode = 0;    // 0 basic, 1 advanced option
  int subset = 0;  // 0 UIH frames
  int speed = 5;   // see baud_of()
  int n1 = 127;    // most bytes of data in a frame that the module sends
  int t1 = 10;     // time until a command is sent again, in 10 ms
  int n2 = 3;      // so many times
  int t2 = 30;     // the same for control messages, in 10 ms
  int t3 = 10;     // time to wake up, in s
  int k = 2;       // window of the advanced option

  friend bool operator==(const Parameters&, const Parameters&) = default;
};

struct ParameterRange {
  std::string_view name;
  int Parameters::*member;
  int least;
  int most;
};

constexpr std::array<ParameterRange, 9> parameter_ranges{{
    {"mode", &Parameters::mode, 0, 1},
    {"subset", &Parameters::subset, 0, 2},
    {"port_speed", &Parameters::speed, 1, 8},
    {"N1", &Parameters::n1, 1, 32768},
    {"T1", &Parameters::t1, 1, 255},
    {"N2", &Parameters::n2, 0, 100},
    {"T2", &Parameters::t2, 2, 255},
    {"T3", &Parameters::t3, 1, 255},
    {"k", &Parameters::k, 1, 7},
}};

[[nodiscard]] constexpr bool is_valid(const Parameters& parameters) {
  for (const auto& range : parameter_ranges) {
    const int value = parameters.*range.member;
    if (value < range.least || value > range.most) return false;
  }
  return true;
}

/// The line rate that <port_speed> names, in baud; 0 for a number that names none.
[[nodiscard]] constexpr int baud_of(int speed) {
  constexpr std::array rates{9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600};
  if (speed < 1 || speed > static_cast<int>(rates.size())) return 0;
  return rates[static_cast<std::size_t>(speed) - 1];
}

}  // namespace at::mux
