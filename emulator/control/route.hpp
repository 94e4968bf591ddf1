// One endpoint of the control interface as a row of a table: the same row dispatches, checks what
// comes and is told to OpenAPI. Rows are made by the files routes_*.cpp, owned by the RouteTable.
#pragma once

#include "emulator/control/responder.hpp"
#include "emulator/control/schema.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace emulator::control {

enum class Method { get, post, put, patch, del };

/// "GET"
[[nodiscard]] std::string_view to_text(Method method);

/// A request whose parameters and body are as the row says.
struct Call {
  Method method = Method::get;
  std::string path;           // as asked for, without query
  nlohmann::json parameters;  // of the path, by name, converted as their schemas say
  nlohmann::json query;       // those that are there, likewise; a list is split at its commas
  nlohmann::json body;        // null when there is none
  std::string accept;         // header fields; empty when they are not there
  std::string last_event_id;

  /// Whether `Accept` names this type of content.
  [[nodiscard]] bool accepts(std::string_view content_type) const {
    return accept.find(content_type) != std::string::npos;
  }
};

using Handler = std::function<void(const Call& call, Responder responder)>;

/// What it throws is told, and answered with 500.
void run_handler(const Handler& handler, const Call& call, const Responder& responder);

struct Parameter {
  std::string name;
  Schema schema;
  std::string about;
  bool required = false;  // those of the path always are
};

/// A way in which a request can end. Problems of every request (400, 401, 403, 404, 405, 413) need
/// not be listed.
struct Outcome {
  int status = 200;
  std::string about;
  std::optional<Schema> schema{};  // of the body; nothing: no body, or a problem from 400 on
  std::string content_type = "application/json";
};

struct Route {
  Method method = Method::get;
  std::string path;  // "/v1/modems/{modem}/journal"
  std::string id;    // operationId: unique, camelCase
  std::string summary;
  std::vector<Parameter> parameters{};  // of the path: each {name}
  std::vector<Parameter> query{};
  std::optional<Schema> body{};  // has to be there when it is declared
  std::vector<Outcome> outcomes{};
  Handler handler{};
};

using Routes = std::vector<Route>;

}  // namespace emulator::control
