// Bytes as readable text and back: \r \n \s (blank) \\ \" \xNN.
#pragma once

#include <string>
#include <string_view>

namespace transcript {

std::string escaped(std::string_view bytes);

/// Throws std::runtime_error for an escape that it does not know.
std::string unescaped(std::string_view text);

}  // namespace transcript
