// JSON in words of the command line, and back. Used by the commands.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace emulator::ctl {

/// `text` as JSON where it is JSON, else as a text.
[[nodiscard]] nlohmann::json value_of(const std::string& text);

/// "name=value" taken apart. Throws Failure when there is no name.
[[nodiscard]] std::pair<std::string, nlohmann::json> assignment(const std::string& word);

/// A text as it is, anything else as JSON.
[[nodiscard]] std::string plain(const nlohmann::json& value);

/// "a=1 b=x"; "-" for an empty object.
[[nodiscard]] std::string pairs(const nlohmann::json& object);

/// Rows in columns, two blanks apart; no blanks at the end of a line.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

/// A body as it came, with a line's end.
[[nodiscard]] std::string as_is(const std::string& body);

}  // namespace emulator::ctl
