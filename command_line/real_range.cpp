#include "command_line/real_range.hpp"

#include <cmath>
#include <string>

#include <fmt/format.h>

namespace command_line {

CLI::Validator real_range(double low, double high) {
  const CLI::Validator range = CLI::Range(low, high);
  CLI::Validator real = range;
  real.operation([range, low, high](std::string& text) {
    double value = 0;
    if (CLI::detail::lexical_cast(text, value) && std::isnan(value))
      return fmt::format("Value {} not in range [{} - {}]", text, low, high);
    return range(text);
  });
  return real;
}

}  // namespace command_line
