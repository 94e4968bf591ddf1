// What is expected of the journal, in a word of the command line: KIND[:member=RE[,member=RE]...].
// Used by expect.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace emulator::ctl {

/// As the control interface wants it. A comma before `member=` begins the next member, unless a
/// backslash stands before it; member==VALUE wants that number, true or false. Throws Failure.
[[nodiscard]] nlohmann::json wanted(const std::string& word);

/// Back again.
[[nodiscard]] std::string wanted_text(const nlohmann::json& wanted);

}  // namespace emulator::ctl
