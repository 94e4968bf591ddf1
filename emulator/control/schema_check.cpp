#include "command_line/one_line.hpp"
#include "emulator/control/schema.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace emulator::control {
namespace {

using Verdict = std::optional<Violation>;

Violation not_allowed(const Schema& schema) { return {"", "must be " + allowed(schema)}; }

/// Puts the outer name before what is inside.
Verdict inside(const std::string& outer, Verdict verdict) {
  if (!verdict) return verdict;
  const auto& inner = verdict->field;
  const bool dotted = !inner.empty() && inner.front() != '[';
  verdict->field = outer + (dotted ? "." : "") + inner;
  return verdict;
}

bool is_number(const Schema& schema, const nlohmann::json& value) {
  if (!value.is_number()) return false;
  const auto x = value.get<double>();
  if (schema.kind == Schema::Kind::integer && std::trunc(x) != x) return false;
  return x >= schema.least.value_or(x) && x <= schema.most.value_or(x);
}

bool is_in_length(const Schema& schema, std::size_t length) {
  return length >= schema.min_length && length <= schema.max_length.value_or(length);
}

bool is_text(const Schema& schema, const nlohmann::json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  const auto characters = std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  });
  if (!is_in_length(schema, static_cast<std::size_t>(characters))) return false;
  const auto& choices = schema.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end())
    return false;
  return schema.fits == nullptr || schema.fits(text);
}

Verdict check_list(const Schema& schema, const nlohmann::json& value) {
  if (!value.is_array() || !is_in_length(schema, value.size())) return not_allowed(schema);
  for (std::size_t i = 0; i < value.size(); ++i)
    if (auto verdict = check(schema.items.front(), value[i]))
      return inside(fmt::format("[{}]", i), verdict);
  return std::nullopt;
}

const Member* find(const std::vector<Member>& members, const std::string& name) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

Violation unknown(const std::vector<Member>& members, const std::string& name) {
  std::vector<std::string> names;
  names.reserve(members.size());
  for (const auto& member : members) names.push_back(member.name);
  const auto known = names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
  const auto quoted = command_line::one_line(name);
  return {quoted, fmt::format("'{}' is not known here; allowed: {}", quoted, known)};
}

Verdict check_members(const Schema& schema, const std::vector<Member>& members,
                      const nlohmann::json& value) {
  for (const auto& [name, inner] : value.items()) {
    const auto* member = find(members, name);
    if (member == nullptr && schema.open) continue;
    if (member == nullptr) return unknown(members, name);
    if (auto verdict = check(member->schema, inner)) return inside(name, verdict);
  }
  for (const auto& member : members)
    if (member.required && !value.contains(member.name))
      return Violation{member.name, "is missing; must be " + allowed(member.schema)};
  return std::nullopt;
}

Verdict check_exactly_one(const Schema& schema, const nlohmann::json& value) {
  const auto& names = schema.exactly_one;
  if (names.empty()) return std::nullopt;
  const auto there = std::count_if(names.begin(), names.end(),
                                   [&](const auto& name) { return value.contains(name); });
  if (there == 1) return std::nullopt;
  return Violation{
      there == 0 ? names.front() : names.back(),
      fmt::format("does not do: exactly one of {} has to be there", fmt::join(names, ", "))};
}

Verdict check_variant(const Schema& schema, const nlohmann::json& value) {
  std::vector<std::string> values;
  values.reserve(schema.variants.size());
  for (const auto& variant : schema.variants) values.push_back(variant.value);
  const Schema chooser = one_of(values);
  if (!value.contains(schema.chosen_by))
    return Violation{schema.chosen_by, "is missing; must be " + allowed(chooser)};
  const auto& chosen = value.at(schema.chosen_by);
  if (auto verdict = check(chooser, chosen)) return inside(schema.chosen_by, verdict);
  const auto variant =
      std::find_if(schema.variants.begin(), schema.variants.end(),
                   [&](const Variant& candidate) { return chosen == candidate.value; });
  auto members = schema.members;
  members.push_back({schema.chosen_by, chooser, true});
  members.insert(members.end(), variant->members.begin(), variant->members.end());
  return check_members(schema, members, value);
}

Verdict check_object(const Schema& schema, const nlohmann::json& value) {
  if (!value.is_object()) return not_allowed(schema);
  auto verdict = schema.variants.empty() ? check_members(schema, schema.members, value)
                                         : check_variant(schema, value);
  return verdict ? verdict : check_exactly_one(schema, value);
}

}  // namespace

std::optional<Violation> check(const Schema& schema, const nlohmann::json& value) {
  bool fits = true;
  switch (schema.kind) {
    case Schema::Kind::any:
      break;
    case Schema::Kind::boolean:
      fits = value.is_boolean();
      break;
    case Schema::Kind::integer:
    case Schema::Kind::number:
      fits = is_number(schema, value);
      break;
    case Schema::Kind::text:
      fits = is_text(schema, value);
      break;
    case Schema::Kind::list:
      return check_list(schema, value);
    case Schema::Kind::object:
      return check_object(schema, value);
  }
  if (fits) return std::nullopt;
  return not_allowed(schema);
}

}  // namespace emulator::control
