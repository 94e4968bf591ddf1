// Bytes as a person types them: \r \n \s (blank) \\ \" and \xNN, the rest as it stands, as in
// transcripts. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emulator::ctl {

/// Nothing for an escape that there is none of.
[[nodiscard]] std::optional<std::string> unescaped(std::string_view text);

}  // namespace emulator::ctl
