// The state of a modem for people. Used by state and time.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace emulator::ctl {

/// What GET /v1/modems/NAME says, without what is at rest: clients that are idle, settings, knobs,
/// counters of zero.
[[nodiscard]] std::string state_text(const nlohmann::json& state);

/// What GET /v1/time says, in one line without its end.
[[nodiscard]] std::string time_text(const nlohmann::json& time);

}  // namespace emulator::ctl
