#include "emulator/control/routes_time.hpp"

#include "emulator/control/modem_state.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace emulator::control {
namespace {

using nlohmann::json;

constexpr double least_step = 1e-6;
/// A leap year.
constexpr double most_seconds = 31'622'400;
/// An advance until idle gives up after so much virtual time.
constexpr std::chrono::hours idle_limit{7 * 24};

Schema time_schema() {
  return object({{"now", number(0, 1e12).described("Virtual seconds since start"), true},
                 {"scale",
                  number(Pump::least_scale, Pump::most_scale)
                      .described("Virtual seconds in a real one, while the clock goes and does not "
                                 "leap"),
                  true},
                 {"paused", boolean().described("The clock stands"), true},
                 {"skip",
                  boolean().described("It leaps from timer to timer while nothing else goes on"),
                  true}})
      .as_component("Time");
}

Route base(Method method, std::string path, std::string id, std::string summary) {
  Route route;
  route.method = method;
  route.path = std::move(path);
  route.id = std::move(id);
  route.summary = std::move(summary);
  route.outcomes = {{200, "What time is", time_schema()}, {503, "The modems are still starting"}};
  return route;
}

Handler for_clock(
    const Fleet& fleet,
    std::function<void(Pump& pump, const Call& call, const Responder& responder)> handler) {
  return [&fleet, handler = std::move(handler)](const Call& call, const Responder& responder) {
    if (!fleet.ready()) return responder.problem({503, "the modems are still starting"});
    auto& pump = fleet.modems().front()->pump();
    pump.run([&] { handler(pump, call, responder); });
  };
}

/// All modems' journals tell of it.
void note(const Fleet& fleet, const std::string& what) {
  for (auto* modem : fleet.modems())
    modem->journal().add(modem->timeline().now(), journal::Kind::time, {{"what", what}});
}

Problem under_way() { return {409, "the clock is being advanced; wait for the answer to that"}; }

Route get_time(const Fleet& fleet) {
  auto route = base(Method::get, "/v1/time", "getTime", "The clock of all modems");
  route.handler = for_clock(fleet, [](Pump& pump, const Call&, const Responder& responder) {
    responder.reply(200, time_of(pump));
  });
  return route;
}

void change(const Fleet& fleet, Pump& pump, const json& wanted) {
  const auto scale = wanted.value("scale", pump.scale());
  const auto paused = wanted.value("paused", pump.paused());
  const auto skip = wanted.value("skip", pump.skips());
  if (scale != pump.scale()) {
    pump.rescale(scale);
    note(fleet, fmt::format("scale {}", scale));
  }
  if (skip != pump.skips()) {
    pump.skip(skip);
    note(fleet, skip ? "skips" : "skips no more");
  }
  if (paused == pump.paused()) return;
  pump.pause(paused);
  note(fleet, paused ? "paused" : "goes on");
}

Route patch_time(const Fleet& fleet) {
  auto route = base(Method::patch, "/v1/time", "patchTime", "Changes how time goes");
  route.body = object(
      {{"scale",
        number(Pump::least_scale, Pump::most_scale).described("Virtual seconds in a real one")},
       {"paused", boolean().described("The clock stands; brokers are kept from noticing")},
       {"skip", boolean().described("While ports, sockets and the control interface are quiet and "
                                    "no answer is under way, the clock leaps to the next timer")}});
  route.outcomes.push_back({409, "The clock is being advanced"});
  route.handler =
      for_clock(fleet, [&fleet](Pump& pump, const Call& call, const Responder& responder) {
        if (pump.advancing()) return responder.problem(under_way());
        change(fleet, pump, call.body);
        responder.reply(200, time_of(pump));
      });
  return route;
}

void advance(const Fleet& fleet, Pump& pump, const Call& call, const Responder& responder) {
  if (pump.advancing()) return responder.problem(under_way());
  if (!pump.paused())
    return responder.problem({409, "the clock goes by itself; pause it before it is advanced"});
  const auto done = [&fleet, &pump, responder](Pump::Ended ended) {
    note(fleet, "advanced");
    if (ended == Pump::Ended::done) return responder.reply(200, time_of(pump));
    responder.problem(
        {408, "the modems were not idle within 7 days of their time", {}, time_of(pump)});
  };
  if (call.body.contains("by")) {
    const std::chrono::duration<double> by(call.body.at("by").get<double>());
    pump.advance_by(std::chrono::ceil<at::Duration>(by), done);
  } else {
    pump.advance_until_idle(idle_limit, done);
  }
  responder.on_gone([&fleet, &pump] {
    pump.cancel_advance();
    note(fleet, "advance given up");
  });
}

Route advance_route(const Fleet& fleet) {
  auto route = base(Method::post, "/v1/time/advance", "advanceTime",
                    "Lets the clock go on while it is paused, as fast as answers that are under "
                    "way on real sockets allow");
  route.body = with_exactly_one(
      object({{"by", number(least_step, most_seconds).described("Virtual seconds")},
              {"until", one_of({"idle"}).described("idle: no timer is left but those that renew "
                                                   "themselves")}}),
      {"by", "until"});
  route.outcomes.push_back(
      {408, "Not idle within 7 days of virtual time; the clock stands where it has come to",
       open_object({{"now", number(0, 1e12), true}}), std::string(problem_content)});
  route.outcomes.push_back({409, "The clock is not paused, or is being advanced already"});
  route.handler =
      for_clock(fleet, [&fleet](Pump& pump, const Call& call, const Responder& responder) {
        advance(fleet, pump, call, responder);
      });
  return route;
}

}  // namespace

Routes time_routes(const Fleet& fleet) {
  return {get_time(fleet), patch_time(fleet), advance_route(fleet)};
}

}  // namespace emulator::control
