// The part of a fleet's scenario that is about one of its modems: an event may name "modems"
// ("3-7", "0,4-6"; all unless it does), and "spread": S has it come to them one after the other,
// evenly over S seconds. Pure; read_scenario() knows nothing of fleets.
#pragma once

#include "emulator/scenario_file.hpp"

#include <variant>

#include <nlohmann/json.hpp>

namespace emulator {

/// Of a fleet of `count` modems.
struct FleetPlace {
  int index = 0;
  int count = 1;
};

/// What the scenario is for one of them, without those members; or what is wrong with them.
[[nodiscard]] std::variant<nlohmann::json, ScenarioRefusal> scenario_of(
    const nlohmann::json& document, const FleetPlace& place);

/// The scenario as one modem would have it that is told of every event.
[[nodiscard]] nlohmann::json scenario_of_all(nlohmann::json document);

}  // namespace emulator
