#include "emulator/control/openapi.hpp"

#include <cmath>

namespace emulator::control {
namespace {

using nlohmann::json;

/// Whole numbers without a fraction.
json plain(double value) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (std::trunc(value) == value && std::abs(value) <= exact)
    return static_cast<std::int64_t>(value);
  return value;
}

void add_numbers(const Schema& schema, json& out) {
  if (schema.least) out["minimum"] = plain(*schema.least);
  if (schema.most) out["maximum"] = plain(*schema.most);
}

void add_text(const Schema& schema, json& out) {
  if (!schema.choices.empty()) out["enum"] = schema.choices;
  if (!schema.pattern.empty()) out["pattern"] = schema.pattern;
  if (schema.min_length > 0) out["minLength"] = schema.min_length;
  if (schema.max_length) out["maxLength"] = *schema.max_length;
}

void add_list(const Schema& schema, json& out, json& components) {
  out["items"] = json_schema(schema.items.front(), components);
  if (schema.min_length > 0) out["minItems"] = schema.min_length;
  if (schema.max_length) out["maxItems"] = *schema.max_length;
}

void add_members(const std::vector<Member>& members, bool open, json& out, json& components) {
  out["type"] = "object";
  out["properties"] = json::object();
  auto required = json::array();
  for (const auto& member : members) {
    out["properties"][member.name] = json_schema(member.schema, components);
    if (member.required) required.push_back(member.name);
  }
  if (!required.empty()) out["required"] = required;
  out["additionalProperties"] = open;
}

void add_variants(const Schema& schema, json& out, json& components) {
  out["type"] = "object";
  out["oneOf"] = json::array();
  for (const auto& variant : schema.variants) {
    auto members = schema.members;
    members.push_back({schema.chosen_by, one_of({variant.value}), true});
    members.insert(members.end(), variant.members.begin(), variant.members.end());
    auto way = json::object();
    add_members(members, schema.open, way, components);
    way["title"] = variant.value;
    if (!variant.about.empty()) way["description"] = variant.about;
    out["oneOf"].push_back(std::move(way));
  }
}

void add_object(const Schema& schema, json& out, json& components) {
  if (schema.variants.empty())
    add_members(schema.members, schema.open, out, components);
  else
    add_variants(schema, out, components);
  if (schema.exactly_one.empty()) return;
  auto ways = json::array();
  for (const auto& name : schema.exactly_one) {
    auto way = json::object();
    way["required"].push_back(name);
    ways.push_back(std::move(way));
  }
  auto rule = json::object();
  rule["oneOf"] = std::move(ways);
  out["allOf"].push_back(std::move(rule));
}

json in_place(const Schema& schema, json& components) {
  auto out = json::object();
  if (!schema.about.empty()) out["description"] = schema.about;
  switch (schema.kind) {
    case Schema::Kind::any:
      break;
    case Schema::Kind::boolean:
      out["type"] = "boolean";
      break;
    case Schema::Kind::integer:
    case Schema::Kind::number:
      out["type"] = schema.kind == Schema::Kind::integer ? "integer" : "number";
      add_numbers(schema, out);
      break;
    case Schema::Kind::text:
      out["type"] = "string";
      add_text(schema, out);
      break;
    case Schema::Kind::list:
      out["type"] = "array";
      add_list(schema, out, components);
      break;
    case Schema::Kind::object:
      add_object(schema, out, components);
      break;
  }
  return out;
}

}  // namespace

json json_schema(const Schema& schema, json& components) {
  if (schema.component.empty()) return in_place(schema, components);
  if (!components.contains(schema.component)) {
    auto component = in_place(schema, components);
    components[schema.component] = std::move(component);
  }
  auto reference = json::object();
  reference["$ref"] = "#/components/schemas/" + schema.component;
  return reference;
}

}  // namespace emulator::control
