// Any text as a document of the user's: a scenario, of one modem or of a fleet, faults, or a
// snapshot. It does, or is refused in one line and has changed nothing. The first byte says which.
#include "at_engine/text.hpp"
#include "emulator/faults/fault_set.hpp"
#include "emulator/fleet_scenario.hpp"
#include "emulator/scenario_file.hpp"
#include "emulator/snapshot/snapshot.hpp"
#include "tests/fuzz/pieces.hpp"
#include "tests/support/world.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

void one_line(const std::string& complaint) {
  fuzz::require(
      !complaint.empty() && std::none_of(complaint.begin(), complaint.end(), at::is_control),
      "one line", complaint);
}

void scenario(const std::string& text) {
  const auto parsed = emulator::parse_scenario(text, {});
  if (const auto* wrong = std::get_if<std::string>(&parsed)) return one_line(*wrong);
  for (const auto& change : std::get<0>(parsed)) {
    const auto written = emulator::to_json(change.scene);
    const auto again = emulator::parse_scenario(written.dump(), {});
    fuzz::require(std::holds_alternative<std::vector<emulator::device::SceneChange>>(again) &&
                      emulator::to_json(std::get<0>(again).front().scene) == written,
                  "what is written down is the same", written.dump());
  }
}

void fleet(const std::string& text) {
  const auto document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return;
  for (int index = 0; index < 3; ++index) {
    const auto part = emulator::scenario_of(document, {index, 3});
    if (const auto* wrong = std::get_if<emulator::ScenarioRefusal>(&part))
      one_line(wrong->detail);
    else
      emulator::parse_scenario(std::get<json>(part), {});
  }
}

void faults(const std::string& text) {
  const auto complaint = emulator::faults::complaint_about(text);
  if (complaint) one_line(*complaint);
}

void snapshot(const std::string& text) {
  const auto document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return;
  support::World world({});
  world.modem.power_on();
  world.timeline.run_until(world.timeline.now() + std::chrono::minutes(1));
  const auto before = emulator::snapshot::save(world.modem, "1");
  fuzz::require(std::holds_alternative<json>(before), "a modem at rest is saved");
  if (const auto refused = emulator::snapshot::restore(world.modem, document)) {
    one_line(refused->detail);
    const auto after = emulator::snapshot::save(world.modem, "1");
    fuzz::require(std::get<json>(after) == std::get<json>(before), "nothing has changed");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      scenario(text);
      break;
    case 1:
      fleet(text);
      break;
    case 2:
      faults(text);
      break;
    default:
      snapshot(text);
  }
  return 0;
}
