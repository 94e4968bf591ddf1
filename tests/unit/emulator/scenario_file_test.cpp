// What a scenario file may say, and that everything else is refused with a reason.
#include "emulator/scenario_file.hpp"

#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using emulator::parse_scenario;
using emulator::device::models;
using emulator::device::Scene;
using emulator::device::SceneChange;

namespace {

const Scene base = emulator::device::home_scene(models[0]);

std::vector<SceneChange> read(const std::string& text) {
  auto result = parse_scenario(text, base);
  if (const auto* wrong = std::get_if<std::string>(&result)) FAIL(*wrong);
  return std::get<std::vector<SceneChange>>(std::move(result));
}

std::string fault(const std::string& text) {
  const auto result = parse_scenario(text, base);
  const auto* wrong = std::get_if<std::string>(&result);
  return wrong == nullptr ? "none" : *wrong;
}

}  // namespace

TEST_CASE("an empty scenario is home, for good") {
  const auto changes = read("{}");
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].at == 0s);
  CHECK(changes[0].scene.service == Scene::Service::home);
  CHECK(changes[0].scene.network.plmn == "00101");
}

TEST_CASE("an event changes what it names and leaves the rest as it was") {
  const auto changes = read(
      R"({"signal":{"rsrp":-100,"rssi":-80},"supply_mv":3300,"events":[)"
      R"({"at":1.5,"signal":{"rsrp":-101}},{"at":2,"service":"none","deactivate":[1,15]},)"
      R"({"at":2,"service":"roaming","operator":{"name":"A","short_name":"B","plmn":"262019"}}]})");
  REQUIRE(changes.size() == 4);
  CHECK(changes[1].at == 1500ms);
  CHECK(changes[1].scene.signal.rsrp == -101);
  CHECK(changes[1].scene.signal.rssi == -80);
  CHECK(changes[1].scene.supply_mv == 3300);
  CHECK(changes[2].scene.service == Scene::Service::none);
  CHECK(changes[2].scene.signal.rsrp == -101);
  CHECK(changes[2].deactivated == std::vector<int>{1, 15});
  CHECK(changes[3].scene.service == Scene::Service::roaming);
  CHECK(changes[3].scene.network.plmn == "262019");
  CHECK(changes[3].deactivated.empty());
}

TEST_CASE("a scenario says how long an update takes, step by step [FOTA-2]") {
  const auto changes =
      read(R"({"fota":{"check_ms":0,"reset_ms":2,"start_ms":3,"update_ms":3600000},)"
           R"("events":[{"at":1,"fota":{"reset_ms":5}}]})");
  CHECK(changes[0].scene.fota.check_ms == 0);
  CHECK(changes[0].scene.fota.reset_ms == 2);
  CHECK(changes[0].scene.fota.start_ms == 3);
  CHECK(changes[0].scene.fota.update_ms == 3'600'000);
  CHECK(changes[1].scene.fota.reset_ms == 5);
  CHECK(changes[1].scene.fota.start_ms == 3);
}

TEST_CASE("what a scenario cannot mean is refused, with the place of the fault") {
  CHECK(fault("{\n\"zone\":}") ==
        "it is not JSON: line 2, column 8: syntax error while parsing value - unexpected '}'; "
        "expected '[', '{', or a literal");
  CHECK(fault("[]") == "the scenario must be an object");
  CHECK(fault(R"({"signal":{"rsrp":-141}})") == "signal.rsrp must be -140 to -44");
  CHECK(fault(R"({"signal":{"rsrp":"-90"}})") == "signal.rsrp must be -140 to -44");
  CHECK(fault(R"({"signal":{"power":1}})") == "signal.power is not known");
  CHECK(fault(R"({"signal":[]})") == "signal must be an object");
  CHECK(fault(R"({"weather":"fine"})") == "weather is not known");
  CHECK(fault(R"({"service":"good"})") == "service must be home, roaming, denied or none");
  CHECK(fault(R"({"operator":{"plmn":"1234"}})") == "operator.plmn must be 5 or 6 digits");
  CHECK(fault(R"({"operator":{"name":"a\"b"}})").find("without quotes") != std::string::npos);
  CHECK(fault(R"({"cell":{"band":86}})") == "cell.band must be 1 to 85");
  CHECK(fault(R"({"zone":57})") == "zone must be -48 to 56");
  CHECK(fault(R"({"sim_inserted":1})") == "sim_inserted must be true or false");
  CHECK(fault(R"({"host_address":"10.0.0"})") == "host_address must be an IPv4 address");
  CHECK(fault(R"({"dns":[]})") == "dns must have one or two addresses");
  CHECK(fault(R"({"dns":["x"]})") == "dns must hold IPv4 addresses");
  CHECK(fault(R"({"adc_mv":[1]})") == "adc_mv must have two entries");
  CHECK(fault(R"({"fota":1})") == "fota must be an object");
  CHECK(fault(R"({"fota":{"check_ms":-1}})") == "fota.check_ms must be 0 to 3600000");
  CHECK(fault(R"({"fota":{"update_ms":3600001}})") == "fota.update_ms must be 0 to 3600000");
  CHECK(fault(R"({"fota":{"ms":1}})") == "fota.ms is not known");
  CHECK(fault(R"({"neighbours":{}})") == "neighbours must be a list");
  const auto many = [](const std::string& name, std::size_t count) {
    return nlohmann::json{{name, std::vector<nlohmann::json>(count, nlohmann::json::object())}}
        .dump();
  };
  for (const auto* name : {"neighbours", "other_operators"}) {
    CHECK(fault(many(name, 65)) == std::string(name) + " must have at most 64 entries");
    CHECK(fault(many(name, 64)) != std::string(name) + " must have at most 64 entries");
  }
  CHECK(fault(R"({"events":{}})") == "events must be a list");
  CHECK(fault(R"({"events":[1]})") == "events[0]: every event must be an object");
  CHECK(fault(R"({"events":[{}]})").rfind("events[0].at: every event needs", 0) == 0);
  CHECK(fault(R"({"events":[{"at":-1}]})").rfind("events[0].at: every event needs", 0) == 0);
  CHECK(fault(R"({"events":[{"at":2},{"at":1}]})") ==
        "events[1].at: the events must be in order of time");
  CHECK(fault(R"({"events":[{"at":1,"deactivate":1}]})") ==
        "events[0].deactivate must be a list of contexts 1 to 15");
  CHECK(fault(R"({"events":[{"at":1,"deactivate":[16]}]})") ==
        "events[0].deactivate must be a list of contexts 1 to 15");
  CHECK(fault(R"({"events":[{"at":1,"signal":{"rsrq":1}}]})") ==
        "events[0].signal.rsrq must be -20 to -3");
}
