#include "emulator/control/routes_program.hpp"

#include "emulator/control/openapi.hpp"

#include <string>

namespace emulator::control {

Routes program_routes(const Fleet& fleet, const RouteTable& table, const std::string& version) {
  Route health;
  health.path = "/v1/health";
  health.id = "getHealth";
  health.summary = "Whether the modem can be used";
  health.outcomes = {{200, "It can", object({{"ready", boolean(), true}})},
                     {503, "It is still starting"}};
  health.handler = [&fleet](const Call&, const Responder& responder) {
    if (!fleet.ready()) return responder.problem({503, "the modem is still starting"});
    responder.reply(200, {{"ready", true}});
  };

  Route document;
  document.path = "/v1/openapi.json";
  document.id = "getOpenApi";
  document.summary = "This interface as OpenAPI 3.1";
  document.outcomes = {{200, "The document", open_object()}};
  // The table is complete when the first request comes.
  document.handler = [&table, version, made = std::string()](const Call&,
                                                             const Responder& responder) mutable {
    if (made.empty()) made = to_text(openapi(table.routes(), version));
    responder.text(200, "application/json", made);
  };
  return {std::move(health), std::move(document)};
}

}  // namespace emulator::control
