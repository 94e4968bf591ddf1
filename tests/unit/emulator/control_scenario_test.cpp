// What is planned around a modem: a scenario put in place of another, and changes of later.
#include "tests/support/control_bench.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using nlohmann::json;
using Bench = support::ControlBench;

namespace {

json scenario(Bench& bench, const char* document, int status = 200) {
  return bench.ask("POST", "/scenario", json::parse(document), status);
}

json patch(Bench& bench, const char* members, int status) {
  return bench.ask("PATCH", "/surroundings", json::parse(members), status);
}

json state(Bench& bench) { return bench.ask("GET", "", nullptr, 200); }

int rsrp(Bench& bench) {
  return bench.ask("GET", "/surroundings", nullptr, 200).at("signal").at("rsrp").get<int>();
}

}  // namespace

TEST_CASE("a scenario counts from now and takes the place of what was planned [CTL-6]") {
  Bench bench;  // at 1 s
  bench.faulty.send("AT+QIACT=1\r");
  const auto first = R"({"events":[{"at":10,"signal":{"rsrp":-100}},{"at":20,"service":"none"}]})";
  CHECK(scenario(bench, first) == json::parse(R"({"dropped":0,"planned":2})"));
  CHECK(state(bench).at("planned") ==
        json::parse(R"([{"at":11.0,"signal":{"rsrp":-100}},{"at":21.0,"service":"none"}])"));
  CHECK(state(bench).at("planned_count") == 2);
  bench.faulty.wait(9999ms);
  CHECK(rsrp(bench) == -85);
  bench.faulty.wait(1ms);
  CHECK(rsrp(bench) == -100);
  patch(bench, R"({"after":3,"zone":4})", 202);
  const auto second = R"({"signal":{"rsrp":-90},"events":[{"at":0,"signal":{"rsrq":-12}},
                         {"at":2.5,"signal":{"rsrp":-91},"deactivate":[1]}]})";
  CHECK(scenario(bench, second) == json::parse(R"({"dropped":2,"planned":2})"));
  auto now = bench.ask("GET", "/surroundings", nullptr, 200);
  CHECK(now.at("signal").at("rsrp") == -90);
  CHECK(now.at("signal").at("rsrq") == -12);
  CHECK(state(bench).at("planned") ==
        json::parse(R"([{"at":13.5,"signal":{"rsrp":-91},"deactivate":[1]}])"));
  bench.faulty.said();
  bench.faulty.wait(2500ms);
  CHECK(rsrp(bench) == -91);
  CHECK(bench.faulty.said() == "\r\n+QIURC: \"pdpdeact\",1\r\n");
  bench.faulty.wait(1h);
  now = bench.ask("GET", "/surroundings", nullptr, 200);
  CHECK(now.at("service") == "home");
  CHECK(now.at("zone") == 0);
  CHECK(scenario(bench, "{}") == json::parse(R"({"dropped":0,"planned":0})"));
  CHECK(rsrp(bench) == -85);
}

TEST_CASE("a wrong scenario says where, as for a file, and nothing has changed [CTL-6]") {
  struct Row {
    const char* document;
    const char* field;
    const char* detail;
  };
  Bench bench;
  scenario(bench, R"({"signal":{"rsrp":-99},"events":[{"at":5,"zone":4}]})");
  const auto before = state(bench).at("planned");
  for (const auto& row :
       {Row{R"({"weather":"fine"})", "weather", "weather is not known"},
        Row{R"({"signal":{"rsrp":-141}})", "signal.rsrp", "signal.rsrp must be -140 to -44"},
        Row{R"({"events":[{"at":1},{"at":2,"signal":{"rsrq":1}}]})", "events[1].signal.rsrq",
            "signal.rsrq must be -20 to -3"},
        Row{R"({"events":[{"at":2},{"at":1}]})", "events[1].at",
            "the events must be in order of time"},
        Row{R"({"events":[{}]})", "events[0].at",
            "every event needs \"at\": seconds from the start"},
        Row{R"({"events":[{"at":1,"deactivate":[16]}]})", "events[0].deactivate",
            "deactivate must be a list of contexts 1 to 15"}}) {
    CAPTURE(row.document);
    const auto answer = scenario(bench, row.document, 400);
    CHECK(answer.at("field") == row.field);
    CHECK(answer.at("detail") == row.detail);
  }
  CHECK(scenario(bench, R"({"events":[1]})", 400).at("field") == "events[0]");
  CHECK(scenario(bench, R"({"events":{}})", 400).at("field") == "events");
  CHECK(rsrp(bench) == -99);
  CHECK(state(bench).at("planned") == before);
}

TEST_CASE("a change of later comes in its time, upon what then is [CTL-6]") {
  Bench bench;  // at 1 s
  CHECK(patch(bench, R"({"after":2,"signal":{"rsrp":-118}})", 202) == json::parse(R"({"at":3.0})"));
  CHECK(patch(bench, R"({"at":2.25,"signal":{"rsrq":-15}})", 202) == json::parse(R"({"at":2.25})"));
  CHECK(state(bench).at("planned") == json::parse(R"([{"at":2.25,"signal":{"rsrq":-15}},
                                                      {"at":3.0,"signal":{"rsrp":-118}}])"));
  CHECK(rsrp(bench) == -85);
  bench.faulty.wait(1999ms);
  patch(bench, R"({"signal":{"sinr":3}})", 200);
  bench.faulty.wait(1ms);
  const auto now = bench.ask("GET", "/surroundings", nullptr, 200);
  CHECK(now.at("signal") == json::parse(R"({"rsrp":-118,"rsrq":-15,"rssi":-65,"sinr":3})"));
  CHECK(state(bench).at("planned").empty());
  CHECK(patch(bench, R"({"at":3,"zone":4})", 202) == json::parse(R"({"at":3.0})"));
  CHECK(bench.ask("GET", "/surroundings", nullptr, 200).at("zone") == 4);
}

TEST_CASE("what cannot be planned is refused, and what is planned can be given up [CTL-6]") {
  Bench bench;  // at 1 s
  CHECK(patch(bench, R"({"at":0.5,"zone":4})", 400).at("field") == "at");
  CHECK(patch(bench, R"({"at":5,"after":5,"zone":4})", 400).at("field") == "after");
  CHECK(patch(bench, R"({"after":-1,"zone":4})", 400).at("field") == "after");
  CHECK(patch(bench, R"({"after":1,"zone":99})", 400).at("field") == "zone");
  CHECK(state(bench).at("planned").empty());
  patch(bench, R"({"after":1,"service":"none"})", 202);
  CHECK(bench.ask("DELETE", "/scenario", nullptr, 200) == json::parse(R"({"dropped":1})"));
  bench.faulty.wait(1h);
  CHECK(bench.ask("GET", "/surroundings", nullptr, 200).at("service") == "home");
  for (int i = 0; i < 10'000; ++i) {
    emulator::device::Scenario::Planned later{emulator::device::Scene{}};
    REQUIRE(bench.faulty.modem.device().scenario().plan(2h, std::move(later)));
  }
  patch(bench, R"({"after":1,"service":"none"})", 409);
  CHECK(state(bench).at("planned").size() == 100);
  CHECK(state(bench).at("planned_count") == 10'000);
}

TEST_CASE("what is planned is no part of a snapshot and outlasts one that is restored [CTL-15]") {
  Bench bench;
  patch(bench, R"({"after":60,"signal":{"rsrp":-118}})", 202);
  const auto saved = bench.ask("GET", "/snapshot", nullptr, 200);
  bench.ask("PUT", "/snapshot", saved, 204);
  CHECK(state(bench).at("planned").size() == 1);
  bench.faulty.wait(60s);
  CHECK(rsrp(bench) == -118);
}
