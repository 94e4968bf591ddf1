#include "emulator/control/routes_program.hpp"

#include "emulator/control/openapi.hpp"

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
  document.handler = [&table, version](const Call&, const Responder& responder) {
    responder.reply(200, openapi(table.routes(), version));
  };
  return {std::move(health), std::move(document)};
}

}  // namespace emulator::control
