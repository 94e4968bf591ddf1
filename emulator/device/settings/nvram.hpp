// The seam to what the module keeps over power-off beside profiles and files: named settings.
// Implemented by the Flash, and by the tests' memory.
#pragma once

#include "at_engine/param.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::device {

class Nvram {
 public:
  virtual ~Nvram() = default;

  [[nodiscard]] virtual std::optional<std::string> get(std::string_view name) const = 0;

  /// Taken when it returns, stored soon after. False when it cannot be stored; the old value stays
  /// then.
  [[nodiscard]] virtual bool set(std::string_view name, const std::string& value) = 0;

  using Settings = std::map<std::string, std::string, std::less<>>;
  /// All that is stored, and something else in its place.
  [[nodiscard]] virtual const Settings& all_settings() const = 0;
  [[nodiscard]] virtual bool replace_settings(const Settings& settings) = 0;
};

/// A stored number; `otherwise` when there is none, or none that `range` admits: another version of
/// the program may have written it.
[[nodiscard]] int stored_number(const Nvram& nvram, std::string_view name, const at::Param& range,
                                int otherwise);

}  // namespace emulator::device
