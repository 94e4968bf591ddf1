// The table of routes as an OpenAPI 3.1 document. Used by the route /v1/openapi.json.
#pragma once

#include "emulator/control/route.hpp"

#include <string>

#include <nlohmann/json.hpp>

namespace emulator::control {

/// `version` is the program's.
[[nodiscard]] nlohmann::json openapi(const Routes& routes, const std::string& version);

/// A schema as JSON Schema 2020-12. What has a name of its own is a reference, and is added to
/// `components`.
[[nodiscard]] nlohmann::json json_schema(const Schema& schema, nlohmann::json& components);

}  // namespace emulator::control
