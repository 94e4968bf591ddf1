#include "emulator/control/fleet.hpp"

#include <utility>

#include <fmt/format.h>

namespace emulator::control {

ControlledModem* find_modem(const Fleet& fleet, std::string_view name) {
  const auto modems = fleet.modems();
  if (name == first_modem) return modems.front();
  for (auto* modem : modems)
    if (modem->name() == name) return modem;
  return nullptr;
}

Parameter modem_parameter() {
  return {"modem", name(), fmt::format("Name of a modem; {} is the first", first_modem), true};
}

Handler for_modem(
    const Fleet& fleet,
    std::function<void(ControlledModem& modem, const Call& call, Responder responder)> handler) {
  return [&fleet, handler = std::move(handler)](const Call& call, Responder responder) {
    const auto name = call.parameters.at("modem").get<std::string>();
    auto* modem = find_modem(fleet, name);
    if (modem == nullptr)
      return responder.problem(
          {404, fmt::format("there is no modem '{}'; /v1/modems lists them", name), "modem"});
    if (!fleet.ready()) return responder.problem({503, "the modem is still starting"});
    handler(*modem, call, std::move(responder));
  };
}

}  // namespace emulator::control
