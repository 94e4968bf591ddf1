#include "emulator/control/routes_modems.hpp"

namespace emulator::control {

Routes modems_routes(const Fleet& fleet) {
  const auto modem = object({{"name", name().described("The first is modem0"), true},
                             {"model", text().described("As of --model"), true},
                             {"imei", text().described("What AT+CGSN says"), true}});
  Route list;
  list.path = "/v1/modems";
  list.id = "listModems";
  list.summary = "The modems of this program";
  list.outcomes = {{200, "All of them", object({{"modems", list_of(modem), true}})}};
  list.handler = [&fleet](const Call&, const Responder& responder) {
    auto modems = nlohmann::json::array();
    for (const auto* one : fleet.modems())
      modems.push_back({{"name", one->name()}, {"model", one->model()}, {"imei", one->imei()}});
    responder.reply(200, {{"modems", std::move(modems)}});
  };
  return {std::move(list)};
}

}  // namespace emulator::control
