// What users' documents and arguments say, fit to be quoted in a message: one line, and nothing
// that a terminal obeys. Used where a complaint is made or printed.
#pragma once

#include <string>
#include <string_view>

namespace command_line {

/// `text` with control characters (0x00 to 0x1F, 0x7F) as \xNN; the rest is left as it is.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace command_line
