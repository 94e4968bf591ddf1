#include "emulator/manual_routes.hpp"

#include "emulator/describe.hpp"

#include <string>
#include <utility>

namespace emulator {

control::Routes manual_routes(const at::Registry& registry) {
  using control::list_of;
  using control::open_object;
  control::Route route;
  route.path = "/v1/commands";
  route.id = "listCommands";
  route.summary = "The AT commands and URCs of the module: forms, parameters, limits, sources";
  route.outcomes = {{200, "All of them",
                     control::object({{"commands", list_of(open_object()), true},
                                      {"urcs", list_of(open_object()), true},
                                      {"codes", list_of(open_object()), true},
                                      {"lint", list_of(open_object()), true}})}};
  route.handler = [&registry, made = std::string()](const control::Call&,
                                                    const control::Responder& responder) mutable {
    if (made.empty()) made = control::to_text(describe_as_json(registry));
    responder.text(200, "application/json", made);
  };
  return {std::move(route)};
}

}  // namespace emulator
