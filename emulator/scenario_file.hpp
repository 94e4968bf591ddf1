// Reads a scenario (--scenario FILE): JSON with what the surroundings are at the start, and under
// "events" what changes at which second. Every event is a patch of what was before.
#pragma once

#include "emulator/device/scenario.hpp"

#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace emulator {

/// Most events that a scenario may have.
constexpr std::size_t max_scenario_events = device::Scenario::most_planned;
/// Latest moment of an event, in seconds.
constexpr double max_scenario_time = 1e9;
/// Longest file of a scenario.
constexpr std::size_t max_scenario_bytes = std::size_t{16} * 1024 * 1024;

/// What the file does not say is as in `base`. The alternative is what is wrong, in one line.
std::variant<std::vector<device::SceneChange>, std::string> parse_scenario(
    const std::string& text, const device::Scene& base);

/// Why a scenario does not do.
struct ScenarioRefusal {
  std::string field;   // "events[2].signal.rsrp"; empty: the whole
  std::string detail;  // as read_scenario() says it

  /// Both, in one line.
  [[nodiscard]] std::string text() const;
};

/// The same from the document itself.
std::variant<std::vector<device::SceneChange>, ScenarioRefusal> parse_scenario(
    const nlohmann::json& document, const device::Scene& base);

/// Seconds as a scenario has them.
[[nodiscard]] at::Duration scenario_time(double seconds);

/// An event of a scenario without its moment, put upon `scene`. The alternative is what is wrong,
/// in one line that begins with the member's name.
std::variant<device::SceneChange, std::string> parse_scene_patch(const std::string& text,
                                                                 const device::Scene& scene);

/// The surroundings as a scenario would write them down.
[[nodiscard]] nlohmann::json to_json(const device::Scene& scene);

}  // namespace emulator
