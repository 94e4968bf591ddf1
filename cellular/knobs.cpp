#include "cellular/knobs.hpp"

#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace cellular {
namespace {

std::vector<std::string_view> words_of(const KnobRow& row) {
  std::vector<std::string_view> words;
  for (auto rest = row.words; !rest.empty();) {
    const auto comma = rest.find(',');
    words.push_back(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  }
  return words;
}

std::string allowed(const KnobRow& row) {
  if (row.words.empty()) return fmt::format("{}..{}", row.low, row.high);
  std::string text(row.words);
  for (auto& c : text)
    if (c == ',') c = '|';
  return text;
}

std::string value_name(const KnobRow& row, int value) {
  if (row.words.empty()) return fmt::format("{}", value);
  return std::string(words_of(row)[static_cast<std::size_t>(value)]);
}

std::optional<int> parse_value(const KnobRow& row, std::string_view text) {
  const auto words = words_of(row);
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == text) return static_cast<int>(i);
  if (!words.empty()) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value < row.low || value > row.high) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string> Knobs::set(std::string_view assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos)
    return fmt::format("knob '{}': give it as name=value", assignment);
  const auto name = assignment.substr(0, equals);
  for (const auto& row : knob_table) {
    if (row.name != name) continue;
    const auto value = parse_value(row, assignment.substr(equals + 1));
    if (!value) return fmt::format("knob '{}': the value must be {}", name, allowed(row));
    at(row.knob) = *value;
    return std::nullopt;
  }
  return fmt::format("knob '{}' does not exist (see --knob list)", name);
}

std::string Knobs::list() {
  std::string text;
  for (const auto& row : knob_table)
    text += fmt::format("{:18} {:21} default {:9} {:15} {}\n", row.name, allowed(row),
                        value_name(row, row.standard), row.statement, row.summary);
  return text;
}

}  // namespace cellular
