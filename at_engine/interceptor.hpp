// Who may answer a command in its family's place: a fault that somebody asked for. Implemented
// outside of the engine; a terminal works without one.
#pragma once

#include "at_engine/call.hpp"
#include "at_engine/outcome.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace at {

class Interceptor {
 public:
  virtual ~Interceptor() = default;

  struct Instead {
    Outcome outcome;
    std::string result{};  // a final result as it is said, in place of the outcome's own
  };

  /// A command is about to run; `line` is as typed, its name in capitals. Must not call back into
  /// the module.
  virtual std::optional<Instead> instead_of(Asker channel, std::string_view line) = 0;
};

}  // namespace at
