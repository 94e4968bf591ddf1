// What options and scenario of a fleet are for one of its modems.
#include "emulator/fleet_options.hpp"
#include "emulator/fleet_scenario.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace emulator;
using nlohmann::json;

namespace {

Options fleet_of(int count, std::vector<std::string> ports = {"pty"}) {
  Options all;
  all.is_fleet = true;
  all.count = count;
  all.instance = 40;
  all.ports = std::move(ports);
  all.identity = device::identity_of(*all.model, all.instance);
  all.card = device::card_of(all.instance);
  return all;
}

std::string ports_of(const Options& all, int index) {
  return fmt::format("{}", fmt::join(options_of(all, index).ports, " "));
}

/// When the events of a modem come, and of what service.
std::string events_of(const char* text, int index, int count) {
  const auto read = scenario_of(json::parse(text), {index, count});
  if (const auto* wrong = std::get_if<ScenarioRefusal>(&read))
    return wrong->field + ": " + wrong->detail;
  std::string events;
  for (const auto& event : std::get<json>(read).at("events")) events += event.dump() + ' ';
  return events;
}

}  // namespace

TEST_CASE("each modem of a fleet has the identity of its instance") {
  const auto all = fleet_of(3);
  CHECK(options_of(all, 0).identity.imei == device::identity_of(*all.model, 40).imei);
  const auto third = options_of(all, 2);
  CHECK(third.instance == 42);
  CHECK(third.identity.imei == device::identity_of(*all.model, 42).imei);
  CHECK(third.identity.serial_number == device::identity_of(*all.model, 42).serial_number);
  CHECK(third.card.imsi == device::card_of(42).imsi);
  CHECK(third.card.iccid == device::card_of(42).iccid);
  CHECK(third.card.number == device::card_of(42).number);
  CHECK(modem_name(2) == "modem2");
}

TEST_CASE("ports of a fleet are counted from 0") {
  const auto all = fleet_of(
      12, {"pty:/tmp/m%d", "tcp:5000+", "tcp:[::1]:6000+", "pty", "serial:/dev/ttyS%d:9600"});
  CHECK(ports_of(all, 0) == "pty:/tmp/m0 tcp:5000 tcp:[::1]:6000 pty serial:/dev/ttyS0:9600");
  CHECK(ports_of(all, 11) == "pty:/tmp/m11 tcp:5011 tcp:[::1]:6011 pty serial:/dev/ttyS11:9600");
  CHECK_FALSE(complaint_about_fleet(all));
}

TEST_CASE("a port that two modems would share is refused, and one out of range") {
  for (const auto* port :
       {"pty:/tmp/m", "tcp:5000", "tcp:127.0.0.1:5000", "serial:/dev/ttyS0", "stdio"}) {
    const auto wrong = complaint_about_fleet(fleet_of(2, {port}));
    REQUIRE(wrong);
    CHECK(wrong->starts_with(
        fmt::format("--port {}: the modems of a fleet have each their own", port)));
    CHECK_FALSE(complaint_about_fleet(fleet_of(1, {port})));
  }
  CHECK_FALSE(complaint_about_fleet(fleet_of(36, {"tcp:65500+"})));
  CHECK(complaint_about_fleet(fleet_of(37, {"tcp:65500+"})) ==
        "--port tcp:65500+: 37 modems need ports up to 65536");
}

TEST_CASE("an identity that all modems would share is refused, and more than there are numbers") {
  auto all = fleet_of(2);
  all.identity.imei = "490154203237518";
  CHECK(complaint_about_fleet(all) ==
        "--imei: the modems of a fleet have each their own, by --instance");
  all = fleet_of(2);
  all.identity.revision = "X";
  CHECK_FALSE(complaint_about_fleet(all));
  CHECK(options_of(all, 1).identity.revision == "X");
  all = fleet_of(2);
  all.instance = device::max_instance;
  all.identity = device::identity_of(*all.model, all.instance);
  all.card = device::card_of(all.instance);
  CHECK(complaint_about_fleet(all));
}

TEST_CASE("each modem keeps its state in a directory of its own, when there is a fleet") {
  auto all = fleet_of(2);
  all.state_dir = "/s";
  CHECK(options_of(all, 1).state_dir == "/s/1");
  all.is_fleet = false;
  CHECK(options_of(all, 0).state_dir == "/s");
}

TEST_CASE("an event of a scenario is for the modems that it names") {
  constexpr const char* text =
      R"({"events":[{"at":1,"zone":1,"modems":"0,2-3"},{"at":2,"zone":2}]})";
  CHECK(events_of(text, 0, 5) == R"({"at":1,"zone":1} {"at":2,"zone":2} )");
  CHECK(events_of(text, 1, 5) == R"({"at":2,"zone":2} )");
  CHECK(events_of(text, 3, 5) == R"({"at":1,"zone":1} {"at":2,"zone":2} )");
  CHECK(events_of(text, 4, 5) == R"({"at":2,"zone":2} )");
}

TEST_CASE("an event that is spread comes to one modem after the other") {
  constexpr const char* text =
      R"({"events":[{"at":10,"zone":1,"modems":"1-4","spread":8},{"at":13,"zone":2}]})";
  CHECK(events_of(text, 1, 5) == R"({"at":10.0,"zone":1} {"at":13,"zone":2} )");
  CHECK(events_of(text, 2, 5) == R"({"at":12.0,"zone":1} {"at":13,"zone":2} )");
  CHECK(events_of(text, 3, 5) == R"({"at":13,"zone":2} {"at":14.0,"zone":1} )");
  CHECK(events_of(text, 4, 5) == R"({"at":13,"zone":2} {"at":16.0,"zone":1} )");
}

TEST_CASE("what names modems that are not there is told") {
  for (const auto* modems :
       {"\"5\"", "\"3-7\"", "\"\"", "\"x\"", "\"2-1\"", "\"1,\"", "\"-1\"", "3"}) {
    const auto text = fmt::format(R"({{"events":[{{"at":0}},{{"at":1,"modems":{}}}]}})", modems);
    CHECK(events_of(text.c_str(), 0, 5) ==
          "events[1].modems: modems must name modems 0 to 4, as \"0,2-4\"");
  }
  CHECK(events_of(R"({"events":[{"at":0,"spread":-1}]})", 0, 5) ==
        "events[0].spread: spread must be 0 to 86400 seconds");
  CHECK(events_of(R"({"events":[{"at":2},{"at":1}]})", 0, 5) ==
        "events[1].at: the events must be in order of time");
}
