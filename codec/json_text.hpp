// JSON that somebody outside has written: files, bodies of requests, arguments. A document may be
// copied and written by code that calls itself for each level, and so has a limit of depth. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace codec {

/// Arrays and objects within each other, at most.
constexpr int max_json_depth = 32;

/// Whether `text` has more of them; of what is no JSON, whether it looks so.
[[nodiscard]] bool nests_too_deep(std::string_view text);

/// The document; one that is discarded when `text` is no JSON in UTF-8, or nested too deep.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);

/// What is wrong with a text that parse_json() discards, with its line and column; to go on with a
/// subject ("it is not JSON: line 3, column 7: ...").
[[nodiscard]] std::string why_no_json(std::string_view text);

/// One line of what is wrong with a member: `detail`, that begins with the member's name or with
/// more of its place, behind the rest of that place ("events[1]", "zone must be -48 to 56").
[[nodiscard]] std::string complaint(const std::string& place, const std::string& detail);

/// Nothing for what is no whole number, or one of 2^63 or more, which the library would wrap.
[[nodiscard]] std::optional<std::int64_t> whole_number(const nlohmann::json& value);

}  // namespace codec
