#include "emulator/control/routes_surroundings.hpp"

#include "emulator/scenario_file.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace emulator::control {
namespace {

using nlohmann::json;

constexpr double most_seconds = 1e9;
constexpr std::size_t most_planned = device::Scenario::most_planned;

/// "signal.rsrp must be …": the member's name is what stands before the first blank.
Problem problem_of(const std::string& wrong) {
  const auto name = wrong.substr(0, wrong.find(' '));
  return {400, wrong, name};
}

Route get_surroundings(const Fleet& fleet) {
  auto route =
      modem_route(Method::get, "/surroundings", "getSurroundings", "What is around the modem");
  route.outcomes = {{200, "As a scenario writes it down", open_object()}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call&, const Responder& responder) {
        modem.run([&] { responder.reply(200, to_json(modem.modem().device().scenario().now())); });
      });
  return route;
}

/// What was right when it was planned is right upon any scene.
device::Scene written_upon(const std::string& text, const device::Scene& scene) {
  const auto parsed = parse_scene_patch(text, scene);
  const auto* const change = std::get_if<device::SceneChange>(&parsed);
  return change != nullptr ? change->scene : scene;
}

/// When a patch is to be made; nothing: at once.
std::optional<at::Duration> moment_of(const json& body, at::Duration now) {
  if (body.contains("at")) return scenario_time(body.at("at").get<double>());
  if (body.contains("after")) return now + scenario_time(body.at("after").get<double>());
  return std::nullopt;
}

void patch(ControlledModem& modem, const Call& call, const Responder& responder) {
  if (call.body.contains("at") && call.body.contains("after"))
    return responder.problem({400, "after does not go with at", "after"});
  const auto now = modem.timeline().now().time_since_epoch();
  const auto moment = moment_of(call.body, now);
  if (moment && *moment < now)
    return responder.problem(
        {400, fmt::format("at must not be past: it is {} s", journal::seconds(at::Time(now))),
         "at"});
  auto members = call.body;
  members.erase("at");
  members.erase("after");
  auto text = members.dump();
  auto& scenario = modem.modem().device().scenario();
  auto parsed = parse_scene_patch(text, scenario.written());
  if (const auto* wrong = std::get_if<std::string>(&parsed))
    return responder.problem(problem_of(*wrong));
  auto& change = std::get<device::SceneChange>(parsed);
  if (!moment) {
    note(modem, call);
    scenario.rewrite(change.scene, change.deactivated);
    return responder.reply(200, to_json(scenario.now()));
  }
  if (!scenario.plan(*moment, {written_upon, std::move(change.deactivated), std::move(text)}))
    return responder.problem({409, "too much is planned already"});
  const auto at = journal::seconds(at::Time(*moment));
  note(modem, call, {{"at", at}});
  responder.reply(202, {{"at", at}});
}

Route patch_surroundings(const Fleet& fleet) {
  auto route = modem_route(Method::patch, "/surroundings", "patchSurroundings",
                           "Changes what is around the modem, at once or later");
  route.body =
      open_object(
          {{"at", number(0, most_seconds).described("Virtual seconds since start; not before now")},
           {"after", number(0, most_seconds).described("Virtual seconds from now")}})
          .described(
              "The members of a scenario's event; with at or after (not both) it is "
              "planned, and put upon what then is");
  route.outcomes = {{200, "What now is", open_object()},
                    {202, "It is planned",
                     object({{"at",
                              number(0, 2 * most_seconds)
                                  .described("Virtual seconds since "
                                             "start"),
                              true}})},
                    {409, "Too much is planned"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] { patch(modem, call, responder); });
      });
  return route;
}

Route post_scenario(const Fleet& fleet) {
  auto route = modem_route(Method::post, "/scenario", "postScenario",
                           "Another scenario from now on, in place of all that is planned");
  route.body = open_object({{"events", list_of(open_object(), 0, most_planned)}})
                   .described(
                       "As --scenario has it: what now is, and the events; their seconds "
                       "count from now");
  constexpr auto most = static_cast<std::int64_t>(most_planned);
  route.outcomes = {
      {200, "How much was planned and does not come, and how many events now are",
       object({{"dropped", integer(0, most), true}, {"planned", integer(0, most), true}})}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          auto parsed =
              parse_scenario(call.body, device::home_scene(*modem.modem().settings().device.model));
          if (const auto* wrong = std::get_if<ScenarioRefusal>(&parsed))
            return responder.problem({400, wrong->detail, wrong->field});
          auto& changes = std::get<std::vector<device::SceneChange>>(parsed);
          const auto planned = changes.size() - 1;
          note(modem, call);
          const auto dropped = modem.modem().device().scenario().replace(std::move(changes));
          responder.reply(200, {{"dropped", dropped}, {"planned", planned}});
        });
      });
  return route;
}

Route delete_scenario(const Fleet& fleet) {
  auto route = modem_route(Method::del, "/scenario", "deleteScenario",
                           "What is planned does not come; what is around the modem stays");
  route.outcomes = {
      {200, "How much that was",
       object({{"dropped", integer(0, static_cast<std::int64_t>(most_planned)), true}})}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          note(modem, call);
          responder.reply(200, {{"dropped", modem.modem().device().scenario().drop()}});
        });
      });
  return route;
}

}  // namespace

Routes surroundings_routes(const Fleet& fleet) {
  return {get_surroundings(fleet), patch_surroundings(fleet), post_scenario(fleet),
          delete_scenario(fleet)};
}

}  // namespace emulator::control
