// An event of the journal as a line for people. Used by journal and expect.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace emulator::ctl {

/// Time, kind and what it says, with a line's end.
[[nodiscard]] std::string event_text(const nlohmann::json& event);

}  // namespace emulator::ctl
