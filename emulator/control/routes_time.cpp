#include "emulator/control/routes_time.hpp"

#include "emulator/control/modem_state.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

/// All modems' journals tell of it, then `done` is called.
void note(const Fleet& fleet, std::vector<std::string> whats, std::function<void()> done) {
  visit_all(
      fleet,
      [whats = std::move(whats)](ControlledModem& modem) {
        for (const auto& what : whats)
          modem.journal().add(modem.timeline().now(), journal::Kind::time, {{"what", what}});
      },
      std::move(done));
}

/// One modem of each loop: for what is the loop's.
std::vector<ControlledModem*> of_each_loop(const Fleet& fleet) {
  auto modems = fleet.modems();
  const auto same = [](auto* one, auto* next) { return &one->pump() == &next->pump(); };
  modems.erase(std::unique(modems.begin(), modems.end(), same), modems.end());
  return modems;
}

Pump& first_pump(const Fleet& fleet) { return fleet.modems().front()->pump(); }

Handler once_ready(const Fleet& fleet, Handler handler) {
  return [&fleet, handler = std::move(handler)](const Call& call, Responder responder) {
    if (!fleet.ready()) return responder.problem({503, "the modems are still starting"});
    handler(call, std::move(responder));
  };
}

Problem under_way() {
  return {409, "the clock is being advanced or changed; wait for the answer to that"};
}

Route get_time(const Fleet& fleet) {
  auto route = base(Method::get, "/v1/time", "getTime", "The clock of all modems");
  route.handler = once_ready(fleet, [&fleet](const Call&, const Responder& responder) {
    auto& pump = first_pump(fleet);
    pump.run([&] { responder.reply(200, time_of(pump)); });
  });
  return route;
}

/// How time is to go.
struct Course {
  double scale;
  bool skip;
  bool paused;
};

void change(Pump& pump, const Course& wanted) {
  if (wanted.scale != pump.scale()) pump.rescale(wanted.scale);
  if (wanted.skip != pump.skips()) pump.skip(wanted.skip);
  if (wanted.paused != pump.paused()) pump.pause(wanted.paused);
}

std::vector<std::string> changes(const Pump& pump, const Course& wanted) {
  std::vector<std::string> whats;
  if (wanted.scale != pump.scale()) whats.push_back(fmt::format("scale {}", wanted.scale));
  if (wanted.skip != pump.skips()) whats.emplace_back(wanted.skip ? "skips" : "skips no more");
  if (wanted.paused != pump.paused()) whats.emplace_back(wanted.paused ? "paused" : "goes on");
  return whats;
}

void patch(const Fleet& fleet, const json& body, const Responder& responder,
           const std::shared_ptr<bool>& busy) {
  auto& pump = first_pump(fleet);
  const Course wanted{body.value("scale", pump.scale()), body.value("skip", pump.skips()),
                      body.value("paused", pump.paused())};
  auto whats = changes(pump, wanted);
  *busy = true;
  visit_all(
      fleet,
      [wanted](ControlledModem& modem) { modem.pump().run([&] { change(modem.pump(), wanted); }); },
      [&fleet, &pump, whats = std::move(whats), responder, busy] {
        *busy = false;
        note(fleet, whats, [&pump, responder] { responder.reply(200, time_of(pump)); });
      });
}

Route patch_time(const Fleet& fleet, const std::shared_ptr<bool>& busy) {
  auto route = base(Method::patch, "/v1/time", "patchTime", "Changes how time goes");
  route.body = object(
      {{"scale",
        number(Pump::least_scale, Pump::most_scale).described("Virtual seconds in a real one")},
       {"paused", boolean().described("The clock stands; brokers are kept from noticing")},
       {"skip", boolean().described("While ports, sockets and the control interface are quiet and "
                                    "no answer is under way, the clock leaps to the next timer")}});
  route.outcomes.push_back({409, "The clock is being advanced or changed"});
  route.handler = once_ready(fleet, [&fleet, busy](const Call& call, const Responder& responder) {
    if (*busy) return responder.problem(under_way());
    patch(fleet, call.body, responder, busy);
  });
  return route;
}

/// The clocks of all loops on their way, until the last has arrived.
class Advance : public std::enable_shared_from_this<Advance> {
 public:
  Advance(const Fleet& fleet, Responder responder, std::shared_ptr<bool> busy)
      : fleet_(fleet),
        responder_(std::move(responder)),
        busy_(std::move(busy)),
        loops_(of_each_loop(fleet)),
        arrived_(loops_.size()) {}

  /// By so much, or until idle.
  void start(std::optional<at::Duration> by) {
    *busy_ = true;
    until_idle_ = !by;
    for (std::size_t i = 0; i < loops_.size(); ++i) go(i, by);
  }

  void give_up() {
    gone_ = true;
    *busy_ = false;
    for (auto* modem : loops_)
      visit(*modem, [modem] { modem->pump().run([modem] { modem->pump().cancel_advance(); }); });
    note(fleet_, {"advance given up"}, [] {});
  }

 private:
  void go(std::size_t i, std::optional<at::Duration> by) {
    ++under_way_;
    visit(*loops_[i], [self = shared_from_this(), i, by] {
      auto& pump = self->loops_[i]->pump();
      const auto done = [self, i](Pump::Ended ended) {
        const auto now = self->loops_[i]->timeline().now();
        self->fleet_.come_home([self, i, ended, now] { self->arrived(i, ended, now); });
      };
      pump.run(
          [&] { by ? pump.advance_by(*by, done) : pump.advance_until_idle(idle_limit, done); });
    });
  }

  void arrived(std::size_t i, Pump::Ended ended, at::Time now) {
    arrived_[i] = now;
    is_late_ |= ended == Pump::Ended::late;
    if (--under_way_ > 0 || gone_) return;
    // One clock for all: who was idle first waits for the last.
    const auto last = *std::max_element(arrived_.begin(), arrived_.end());
    if (std::exchange(until_idle_, false))
      for (std::size_t one = 0; one < loops_.size(); ++one)
        if (arrived_[one] < last) go(one, last - arrived_[one]);
    if (under_way_ == 0) finish();
  }

  void finish() {
    *busy_ = false;
    note(fleet_, {"advanced"}, [self = shared_from_this()] {
      const auto time = time_of(first_pump(self->fleet_));
      if (!self->is_late_) return self->responder_.reply(200, time);
      self->responder_.problem(
          {408, "the modems were not idle within 7 days of their time", {}, time});
    });
  }

  const Fleet& fleet_;
  Responder responder_;
  std::shared_ptr<bool> busy_;
  std::vector<ControlledModem*> loops_;
  std::vector<at::Time> arrived_;
  std::size_t under_way_ = 0;
  bool until_idle_ = false;
  bool is_late_ = false;
  bool gone_ = false;
};

void advance(const Fleet& fleet, const Call& call, const Responder& responder,
             const std::shared_ptr<bool>& busy) {
  if (*busy) return responder.problem(under_way());
  if (!first_pump(fleet).paused())
    return responder.problem({409, "the clock goes by itself; pause it before it is advanced"});
  std::optional<at::Duration> by;
  if (call.body.contains("by"))
    by = std::chrono::ceil<at::Duration>(
        std::chrono::duration<double>(call.body.at("by").get<double>()));
  const auto under_way = std::make_shared<Advance>(fleet, responder, busy);
  under_way->start(by);
  responder.on_gone([weak = std::weak_ptr(under_way)] {
    if (const auto kept = weak.lock()) kept->give_up();
  });
}

Route advance_route(const Fleet& fleet, const std::shared_ptr<bool>& busy) {
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
  route.outcomes.push_back({409, "The clock is not paused, or is being advanced or changed"});
  route.handler = once_ready(fleet, [&fleet, busy](const Call& call, const Responder& responder) {
    advance(fleet, call, responder, busy);
  });
  return route;
}

}  // namespace

Routes time_routes(const Fleet& fleet) {
  const auto busy = std::make_shared<bool>(false);
  return {get_time(fleet), patch_time(fleet, busy), advance_route(fleet, busy)};
}

}  // namespace emulator::control
