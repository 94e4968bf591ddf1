// The OpenAPI document of the program's own table keeps to the rules of OpenAPI 3.1 and JSON Schema
// 2020-12 that a generator of clients relies on.
#include "emulator/control/openapi.hpp"
#include "emulator/control/request_check.hpp"
#include "emulator/control/route_table.hpp"
#include "emulator/control/routes_channels.hpp"
#include "emulator/control/routes_clients.hpp"
#include "emulator/control/routes_faults.hpp"
#include "emulator/control/routes_journal.hpp"
#include "emulator/control/routes_metrics.hpp"
#include "emulator/control/routes_modem.hpp"
#include "emulator/control/routes_modems.hpp"
#include "emulator/control/routes_program.hpp"
#include "emulator/control/routes_surroundings.hpp"

#include <set>
#include <string>

#include <catch2/catch.hpp>

using namespace emulator::control;
using nlohmann::json;

namespace {

struct NoModem : Fleet {
  bool ready() const override { return true; }
  std::vector<ControlledModem*> modems() const override { return {}; }
};

/// Every kind of schema and parameter, for what the program's routes do not use.
Routes all_kinds() {
  Route route{Method::post, "/v1/things/{thing}/{part}", "makeThing", "Makes a thing"};
  route.parameters = {{"thing", name(), "A thing"}, {"part", integer(0, 5), "A part"}};
  route.query = {{"kind", list_of(one_of({"a", "b"}), 1, 3), "Kinds"}};
  const auto urc =
      with_exactly_one(object({{"line", text(1, 80), false}, {"bytes_base64", base64(), false}}),
                       {"line", "bytes_base64"});
  route.body = with_variants(object({{"when", urc.as_component("When"), false},
                                     {"again", urc.as_component("When"), false},
                                     {"p", number(0, 0.5), true},
                                     {"on", boolean(), false},
                                     {"x", anything(), false}}),
                             "type", {{"one", {{"n", integer(1, 2), true}}}, {"two", {}}});
  route.outcomes = {{201, "Made", open_object()},
                    {201, "Made", text(), "text/event-stream"},
                    {409, "Stands already"}};
  return {route};
}

json document() {
  static const NoModem fleet;
  RouteTable table;
  table.add(program_routes(fleet, table, "0.0"));
  table.add(modems_routes(fleet));
  table.add(modem_routes(fleet));
  table.add(surroundings_routes(fleet));
  static boost::asio::io_context io;
  table.add(metrics_routes(fleet, io));
  table.add(client_routes(fleet));
  table.add(channel_routes(fleet));
  table.add(fault_routes(fleet));
  table.add(journal_routes(fleet));
  table.add(all_kinds());
  return openapi(table.routes(), "0.0");
}

void check_references(const json& all, const json& part) {
  if (part.is_object() && part.contains("$ref")) {
    const auto reference = part.at("$ref").get<std::string>();
    CAPTURE(reference);
    REQUIRE(reference.starts_with("#/"));
    CHECK(all.contains(json::json_pointer(reference.substr(1))));
  }
  if (part.is_structured())
    for (const auto& inner : part) check_references(all, inner);
}

void check_schema(const json& schema);

void check_object(const json& schema) {
  const auto& properties = schema.value("properties", json::object());
  for (const auto& inner : properties) check_schema(inner);
  if (schema.contains("properties"))
    for (const auto& name : schema.value("required", json::array()))
      CHECK(properties.contains(name));
  CHECK(schema.value("additionalProperties", json(true)).is_boolean());
}

void check_limits(const json& schema) {
  if (schema.contains("minimum")) CHECK(schema.at("minimum") <= schema.at("maximum"));
  if (schema.contains("minLength") && schema.contains("maxLength"))
    CHECK(schema.at("minLength") <= schema.at("maxLength"));
  if (!schema.contains("enum")) return;
  const std::set<std::string> once(schema.at("enum").begin(), schema.at("enum").end());
  CHECK(!once.empty());
  CHECK(once.size() == schema.at("enum").size());
}

void check_schema(const json& schema) {
  static const std::set<std::string> known{
      "$ref",    "type",      "description", "title",    "enum",       "minimum",
      "maximum", "minLength", "maxLength",   "minItems", "maxItems",   "pattern",
      "items",   "oneOf",     "allOf",       "required", "properties", "additionalProperties"};
  static const std::set<std::string> types{"boolean", "integer", "number",
                                           "string",  "array",   "object"};
  CAPTURE(schema);
  REQUIRE(schema.is_object());
  for (const auto& [keyword, value] : schema.items()) CHECK(known.count(keyword) == 1);
  if (schema.contains("type")) CHECK(types.count(schema.at("type")) == 1);
  if (schema.value("type", "") == "array") check_schema(schema.at("items"));
  if (schema.contains("properties") || schema.contains("required")) check_object(schema);
  for (const auto* ways : {"oneOf", "allOf"})
    for (const auto& way : schema.value(ways, json::array())) check_schema(way);
  check_limits(schema);
}

void check_content(const json& holder) {
  for (const auto& [type, content] : holder.at("content").items()) {
    CHECK(type.find('/') != std::string::npos);
    check_schema(content.at("schema"));
  }
}

std::set<std::string> in_path(const std::string& path) {
  std::set<std::string> names;
  for (const auto segment : path_segments(path))
    if (is_parameter(segment)) names.emplace(segment.substr(1, segment.size() - 2));
  return names;
}

void check_parameters(const std::string& path, const json& operation) {
  std::set<std::string> declared;
  std::set<std::pair<std::string, std::string>> once;
  for (const auto& parameter : operation.value("parameters", json::array())) {
    const std::string name = parameter.at("name");
    const std::string place = parameter.at("in");
    CHECK((place == "path" || place == "query"));
    CHECK(once.emplace(place, name).second);
    CHECK(!parameter.at("description").get<std::string>().empty());
    if (place == "path") declared.insert(name);
    if (place == "path") CHECK(parameter.at("required") == true);
    check_schema(parameter.at("schema"));
  }
  CHECK(declared == in_path(path));
}

void check_responses(const json& operation) {
  CHECK(operation.at("responses").size() > 1);
  for (const auto& [status, response] : operation.at("responses").items()) {
    CAPTURE(status);
    const bool is_status = status.size() == 3 && status[0] >= '1' && status[0] <= '5';
    CHECK((status == "default" || is_status));
    if (response.contains("$ref")) continue;
    CHECK(!response.at("description").get<std::string>().empty());
    if (response.contains("content")) check_content(response);
  }
}

}  // namespace

TEST_CASE("[CTL-3] the OpenAPI document is complete and every reference leads somewhere") {
  const auto all = document();
  CHECK(all.at("openapi") == "3.1.0");
  CHECK(all.at("info").at("title").is_string());
  CHECK(all.at("info").at("version") == "0.0");
  check_references(all, all);
  for (const auto& [name, schema] : all.at("components").at("schemas").items())
    check_schema(schema);
  for (const auto& [name, response] : all.at("components").at("responses").items()) {
    CHECK(response.at("description").is_string());
    check_content(response);
  }
  for (const auto& wanted : all.at("security"))
    for (const auto& [name, scopes] : wanted.items())
      CHECK(all.at("components").at("securitySchemes").contains(name));
}

TEST_CASE("[CTL-3] every operation has an id of its own, its parameters and its outcomes") {
  static const std::set<std::string> methods{"get", "post", "put", "patch", "delete"};
  const auto all = document();
  std::set<std::string> ids;
  for (const auto& [path, operations] : all.at("paths").items()) {
    CHECK(path.starts_with('/'));
    for (const auto& [method, operation] : operations.items()) {
      CAPTURE(path, method);
      CHECK(methods.count(method) == 1);
      CHECK(ids.insert(operation.at("operationId")).second);
      CHECK(!operation.at("summary").get<std::string>().empty());
      check_parameters(path, operation);
      check_responses(operation);
      if (operation.contains("requestBody")) check_content(operation.at("requestBody"));
    }
  }
  CHECK(all.at("paths").contains("/v1/health"));
  CHECK(all.at("paths").contains("/v1/modems"));
  CHECK(all.at("paths").contains("/v1/openapi.json"));
}

TEST_CASE("[CTL-3] ranges, choices and variants of the table are those of the document") {
  const auto all = document();
  const auto& post = all.at("paths").at("/v1/things/{thing}/{part}").at("post");
  CHECK(post.at("parameters").at(1).at("schema") ==
        json{{"type", "integer"}, {"minimum", 0}, {"maximum", 5}});
  CHECK(post.at("parameters").at(2).at("explode") == false);
  CHECK(post.at("responses").at("201").at("content").size() == 2);
  const auto& ways =
      post.at("requestBody").at("content").at("application/json").at("schema").at("oneOf");
  REQUIRE(ways.size() == 2);
  CHECK(ways.at(0).at("properties").at("type").at("enum") == json::array({"one"}));
  CHECK(ways.at(0).at("properties").at("n").at("maximum") == 2);
  CHECK(ways.at(0).at("additionalProperties") == false);
  CHECK_FALSE(ways.at(1).at("properties").contains("n"));
  CHECK(ways.at(1).at("properties").at("when").at("$ref") == "#/components/schemas/When");
}
