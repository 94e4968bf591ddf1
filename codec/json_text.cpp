#include "codec/json_text.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace codec {

bool nests_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '[' || c == '{'))
      ++depth;
    else if (!in_string && (c == ']' || c == '}'))
      --depth;
    if (depth > max_json_depth) return true;
  }
  return false;
}

nlohmann::json parse_json(std::string_view text) {
  if (nests_too_deep(text)) return nlohmann::json(nlohmann::json::value_t::discarded);
  return nlohmann::json::parse(text, nullptr, false);
}

std::string why_no_json(std::string_view text) {
  if (nests_too_deep(text)) return fmt::format("is nested deeper than {}", max_json_depth);
  try {
    [[maybe_unused]] const auto document = nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: ...; last read: '...'"
    std::string_view what = error.what();
    what = what.substr(0, what.find("; last read"));
    what.remove_prefix(std::min(what.find("] ") + 2, what.size()));
    constexpr std::string_view place = "parse error at ";
    if (what.starts_with(place)) what.remove_prefix(place.size());
    return fmt::format("is not JSON: {}", what);
  }
  return "is JSON";
}

std::string complaint(const std::string& place, const std::string& detail) {
  if (place.empty() || detail.starts_with(place)) return detail;
  const auto subject = detail.substr(0, detail.find(' '));
  if (place.ends_with('.' + subject)) return place + detail.substr(subject.size());
  return fmt::format("{}: {}", place, detail);
}

std::optional<std::int64_t> whole_number(const nlohmann::json& value) {
  constexpr auto highest = std::numeric_limits<std::int64_t>::max();
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{highest})
    return std::nullopt;
  return value.get<std::int64_t>();
}

}  // namespace codec
