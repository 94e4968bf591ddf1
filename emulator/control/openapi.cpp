#include "emulator/control/openapi.hpp"

#include "emulator/control/lower_case.hpp"
#include "emulator/control/problem.hpp"

namespace emulator::control {
namespace {

using nlohmann::json;

/// What every problem document has.
Schema problem_schema() {
  return open_object(
             {{"type", text().described("about:blank: `title` says it all"), true},
              {"title", text().described("What HTTP calls the status"), true},
              {"status", integer(400, 599), true},
              {"detail", text().described("What happened, and what is allowed"), true},
              {"field", text().described("The member or parameter that is to blame"), false}})
      .as_component("Problem");
}

json content(const std::string& type, const Schema& schema, json& components) {
  auto out = json::object();
  out[type]["schema"] = json_schema(schema, components);
  return out;
}

json parameter(const Parameter& row, bool in_path, json& components) {
  auto out = json::object();
  out["name"] = row.name;
  out["in"] = in_path ? "path" : "query";
  out["description"] = row.about;
  out["required"] = row.required || in_path;
  out["schema"] = json_schema(row.schema, components);
  if (row.schema.kind == Schema::Kind::list && !in_path) {
    out["style"] = "form";
    out["explode"] = false;
  }
  return out;
}

json responses(const Route& route, json& components) {
  auto out = json::object();
  out["default"]["$ref"] = "#/components/responses/Problem";
  for (const auto& outcome : route.outcomes) {
    auto& response = out[std::to_string(outcome.status)];
    if (!response.contains("description")) response["description"] = outcome.about;
    if (outcome.schema)
      response["content"].update(content(outcome.content_type, *outcome.schema, components));
    else if (outcome.status >= 400)
      response["content"].update(
          content(std::string(problem_content), problem_schema(), components));
  }
  return out;
}

json operation(const Route& route, json& components) {
  auto out = json::object();
  out["operationId"] = route.id;
  out["summary"] = route.summary;
  out["responses"] = responses(route, components);
  for (const auto& row : route.parameters)
    out["parameters"].push_back(parameter(row, true, components));
  for (const auto& row : route.query)
    out["parameters"].push_back(parameter(row, false, components));
  if (route.body) {
    out["requestBody"]["required"] = true;
    out["requestBody"]["content"] = content("application/json", *route.body, components);
  }
  return out;
}

}  // namespace

json openapi(const Routes& routes, const std::string& version) {
  auto schemas = json::object();
  auto paths = json::object();
  for (const auto& route : routes)
    paths[route.path][lower_case(to_text(route.method))] = operation(route, schemas);
  auto out = json::object();
  out["openapi"] = "3.1.0";
  out["info"]["title"] = "eg91xq control";
  out["info"]["summary"] = "What a test does to a modem that is not there";
  out["info"]["version"] = version;
  auto& problem = out["components"]["responses"]["Problem"];
  problem["description"] = "What is wrong, as in RFC 9457";
  problem["content"] = content(std::string(problem_content), problem_schema(), schemas);
  auto& token = out["components"]["securitySchemes"]["token"];
  token["type"] = "http";
  token["scheme"] = "bearer";
  token["description"] = "With --control-token";
  auto with_token = json::object();
  with_token["token"] = json::array();
  out["security"] = json::array();
  out["security"].push_back(json::object());
  out["security"].push_back(std::move(with_token));
  out["components"]["schemas"] = std::move(schemas);
  out["paths"] = std::move(paths);
  return out;
}

}  // namespace emulator::control
