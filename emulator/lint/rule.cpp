#include "emulator/lint/rule.hpp"

#include "command_line/nearest_option.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::lint {

std::optional<Rule> find_rule(std::string_view id) {
  const auto* const found =
      std::find_if(rules.begin(), rules.end(), [&](const RuleRow& row) { return row.id == id; });
  if (found == rules.end()) return std::nullopt;
  return static_cast<Rule>(found - rules.begin());
}

std::string_view nearest_rule(std::string_view typed) {
  return std::min_element(rules.begin(), rules.end(),
                          [&](const RuleRow& a, const RuleRow& b) {
                            return command_line::distance(typed, a.id) <
                                   command_line::distance(typed, b.id);
                          })
      ->id;
}

std::string rule_list() {
  std::string text = "| rule | level | clause | what |\n|---|---|---|---|\n";
  for (const auto& row : rules)
    text += fmt::format("| `{}` | {} | {} | {} |\n", row.id, name_of(row.level), row.clause,
                        row.summary);
  return text;
}

}  // namespace emulator::lint
