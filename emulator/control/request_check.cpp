#include "emulator/control/request_check.hpp"

#include "codec/json_text.hpp"
#include "emulator/control/route_table.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

#include <fmt/format.h>

namespace emulator::control {
namespace {

template <class Number>
nlohmann::json number_in(const std::string& text) {
  Number value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end) return text;
  return value;
}

/// The value that a text of path or query stands for; the text itself when it stands for none.
nlohmann::json convert(const Schema& schema, const std::string& text) {
  switch (schema.kind) {
    case Schema::Kind::integer:
      return number_in<std::int64_t>(text);
    case Schema::Kind::number:
      return number_in<double>(text);
    case Schema::Kind::boolean:
      if (text == "true" || text == "false") return text == "true";
      return text;
    case Schema::Kind::list: {
      auto list = nlohmann::json::array();
      for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(',', begin), text.size());
        list.push_back(convert(schema.items.front(), text.substr(begin, end - begin)));
        begin = end + 1;
      }
      return list;
    }
    default:
      return text;
  }
}

std::optional<Problem> take(const Parameter& parameter, const std::string& text,
                            nlohmann::json& into) {
  auto value = convert(parameter.schema, text);
  if (auto wrong = check(parameter.schema, value))
    return Problem{400, fmt::format("{} {}", parameter.name, wrong->detail), parameter.name};
  into[parameter.name] = std::move(value);
  return std::nullopt;
}

const Parameter* find(const std::vector<Parameter>& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& parameter) { return parameter.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

std::optional<Problem> fill_path(const Route& route, const Target& target, Call& call) {
  const auto pattern = path_segments(route.path);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_parameter(pattern[i])) continue;
    const auto* parameter = find(route.parameters, pattern[i].substr(1, pattern[i].size() - 2));
    assert(parameter != nullptr);
    if (auto problem = take(*parameter, target.segments[i], call.parameters)) return problem;
  }
  return std::nullopt;
}

std::optional<Problem> fill_query(const Route& route, const Target& target, Call& call) {
  for (const auto& [name, text] : target.query) {
    const auto* parameter = find(route.query, name);
    if (parameter == nullptr)
      return Problem{400, fmt::format("there is no query parameter '{}' here", name), name};
    if (call.query.contains(name)) return Problem{400, name + " is there twice", name};
    if (auto problem = take(*parameter, text, call.query)) return problem;
  }
  for (const auto& [name, schema, about, required] : route.query)
    if (required && !call.query.contains(name))
      return Problem{400, fmt::format("{} is missing; must be {}", name, allowed(schema)), name};
  return std::nullopt;
}

std::optional<Problem> parse(std::string_view text, nlohmann::json& value) {
  value = codec::parse_json(text);
  if (value.is_discarded()) return Problem{400, "the body " + codec::why_no_json(text)};
  return std::nullopt;
}

std::optional<Problem> fill_body(const Route& route, std::string_view text, Call& call) {
  if (text.empty() && !route.body) return std::nullopt;
  if (text.empty()) return Problem{400, "a body is missing: JSON, " + allowed(*route.body)};
  if (auto problem = parse(text, call.body)) return problem;
  const auto wrong = check(route.body.value_or(object({})), call.body);
  if (!wrong) return std::nullopt;
  const bool names_it = wrong->detail.starts_with('\'');
  const auto& subject = wrong->field.empty() ? "the body" : wrong->field;
  return Problem{400, names_it ? wrong->detail : fmt::format("{} {}", subject, wrong->detail),
                 wrong->field};
}

}  // namespace

std::vector<std::string_view> path_segments(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

std::optional<Problem> fill(const Route& route, const Target& target, std::string_view body,
                            Call& call) {
  call.method = route.method;
  call.path = target.path;
  call.parameters = nlohmann::json::object();
  call.query = nlohmann::json::object();
  if (auto problem = fill_path(route, target, call)) return problem;
  if (auto problem = fill_query(route, target, call)) return problem;
  return fill_body(route, body, call);
}

}  // namespace emulator::control
