// The state of a modem for people. Used by state.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace emulator::ctl {

/// What GET /v1/modems/NAME says, without what is at rest: clients that are idle, settings, knobs,
/// counters of zero.
[[nodiscard]] std::string state_text(const nlohmann::json& state);

}  // namespace emulator::ctl
