// Documents and arguments with words that would end a line or command a terminal: every reader of
// such refuses them in one line that shows what they are.
#include "emulator/control/schema.hpp"
#include "emulator/faults/fault_set.hpp"
#include "emulator/options.hpp"
#include "emulator/scenario_file.hpp"
#include "emulator/snapshot/snapshot.hpp"
#include "tests/support/program.hpp"
#include "tests/support/world.hpp"

#include <fstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using nlohmann::json;

namespace {

const std::string hostile = "no\n\x1B[2Jsuch";
const std::string shown = R"(no\x0A\x1B[2Jsuch)";

std::string refused_scenario(const json& document) {
  const auto parsed = emulator::parse_scenario(document.dump(), {});
  return std::get<std::string>(parsed);
}

std::string refused_fault(const json& document) {
  return emulator::faults::complaint_about(document.dump()).value_or("taken");
}

std::string refused_option(const std::vector<std::string>& words) {
  std::vector<const char*> argv{"eg91xq"};
  for (const auto& word : words) argv.push_back(word.c_str());
  const auto parsed = emulator::parse_options(static_cast<int>(argv.size()), argv.data());
  return std::get<emulator::EarlyExit>(parsed).text;
}

}  // namespace

TEST_CASE("a member of a scenario that is not known") {
  CHECK(refused_scenario({{hostile, 1}}) == shown + " is not known");
  CHECK(refused_scenario({{"cell", {{hostile, 1}}}}) == "cell." + shown + " is not known");
  const auto parsed = emulator::parse_scenario(json{{"no such", 1}}, {});
  CHECK(std::get<emulator::ScenarioRefusal>(parsed).field == "no such");
}

TEST_CASE("a member, condition, parameter or pattern of a fault that is not known") {
  const json fault{{"type", "broker"}};
  auto with = [&](const char* member, const json& value) {
    auto changed = fault;
    changed[member] = value;
    return refused_fault(changed);
  };
  CHECK(with(hostile.c_str(), 1) == "fault 1: " + shown + ": a fault has no such member");
  CHECK(with("when", {{hostile, 1}}).starts_with("fault 1: when." + shown + ": there is no such"));
  CHECK(with("params", {{hostile, 1}}) ==
        "fault 1: params." + shown + ": broker has no such parameter");
  const auto pattern = with("when", {{"command", "(" + hostile}});
  CHECK(pattern.find(R"(\x0A\x1B)") != std::string::npos);
  CHECK(pattern.find('\n') == std::string::npos);
}

TEST_CASE("a snapshot of a model that is not known") {
  support::World world({});
  world.modem.power_on();
  world.timeline.run_until(world.timeline.now() + std::chrono::minutes(1));
  auto document = std::get<json>(emulator::snapshot::save(world.modem, "1"));
  document["model"] = hostile;
  const auto refused = emulator::snapshot::restore(world.modem, document);
  REQUIRE(refused);
  CHECK(refused->detail.starts_with("the snapshot is of an " + shown + ", "));
}

TEST_CASE("a member of a request's body that is not known") {
  const auto wrong = emulator::control::check(emulator::control::object({}), {{hostile, 1}});
  REQUIRE(wrong);
  CHECK(wrong->field == shown);
  CHECK(wrong->detail.starts_with("'" + shown + "' is not known here"));
}

TEST_CASE("arguments that are no options, or have no such value") {
  CHECK(refused_option({"--" + hostile}) == "eg91xq: --" + shown + ": unknown option\n");
  const std::vector<std::vector<std::string>> wrong{
      {"--model", hostile},

      {"--scenario", hostile}, {"--faults", hostile},   {"--file", hostile},
      {"--resolve", hostile},  {"--lint-off", hostile}, {"--control", hostile},
      {"--imei", hostile},     {"--knob", hostile},     {hostile}};
  for (const auto& words : wrong) {
    INFO(words.front());
    const auto text = refused_option(words);
    CHECK(text.find('\n') == text.size() - 1);
    CHECK(text.find('\x1B') == std::string::npos);
  }
}

TEST_CASE("a document of any depth is refused by every reader of such") {
  for (const auto& [open, close] :
       {std::pair{"[", "]"}, std::pair{R"({"events":)", "}"}, std::pair{R"([{"at":)", "}]"}}) {
    std::string text;
    for (int i = 0; i < 80'000; ++i) text += open;
    text += "1";
    for (int i = 0; i < 80'000; ++i) text += close;
    const std::string too_deep = "it is nested deeper than 32";
    CHECK(emulator::faults::complaint_about(text) == too_deep);
    CHECK(std::get<std::string>(emulator::parse_scenario(text, {})) == too_deep);
    CHECK(std::get<std::string>(emulator::parse_scene_patch(text, {})) == too_deep);
    const support::ScratchDirectory scratch;
    const auto file = scratch.file("deep");
    std::ofstream(file) << text;
    for (const auto* option : {"--faults", "--scenario"})
      CHECK(refused_option({option, file}).find(too_deep) != std::string::npos);
  }
}

TEST_CASE("a number that 64 bits with a sign do not hold is none") {
  CHECK(refused_scenario({{"signal", {{"rsrp", 18446744073709551531U}}}})
            .starts_with("signal.rsrp must be "));
  const auto jump =
      refused_fault({{"type", "clock-jump"}, {"params", {{"s", 18446744073709551613U}}}});
  CHECK(jump.starts_with("fault 1: params.s: "));
}
