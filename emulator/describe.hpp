// The command manual, from the declarations: Markdown for --describe, JSON for the control
// interface.
#pragma once

#include "at_engine/registry.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace emulator {

[[nodiscard]] std::string describe(const at::Registry& registry);

/// {"commands":[…],"urcs":[…],"codes":[…]}
[[nodiscard]] nlohmann::json describe_as_json(const at::Registry& registry);

}  // namespace emulator
