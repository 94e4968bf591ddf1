#include "emulator/control/fleet.hpp"

#include "emulator/control/far_exchange.hpp"

#include <random>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace emulator::control {

Fleet::Fleet() {
  std::random_device random;
  run_id_ = fmt::format("{:08x}{:08x}", random(), random());
}

ControlledModem* find_modem(const Fleet& fleet, std::string_view name) {
  const auto modems = fleet.modems();
  if (name == first_modem) return modems.front();
  for (auto* modem : modems)
    if (modem->name() == name) return modem;
  return nullptr;
}

void visit(ControlledModem& modem, std::function<void()> action) {
  auto* const loop = modem.other_loop();
  loop == nullptr ? action() : boost::asio::post(*loop, std::move(action));
}

namespace {

/// Goes from loop to loop; there is one of its calls at a time.
struct Round {
  const Fleet& fleet;
  std::vector<ControlledModem*> modems;
  std::function<void(ControlledModem&)> action;
  std::function<void()> done;
  std::size_t next = 0;

  static void go_on(const std::shared_ptr<Round>& round) {
    auto& self = *round;
    auto* const here = self.modems[self.next]->other_loop();
    while (self.next < self.modems.size() && self.modems[self.next]->other_loop() == here)
      self.action(*self.modems[self.next++]);
    if (self.next == self.modems.size()) return self.fleet.come_home([round] { round->done(); });
    visit(*self.modems[self.next], [round] { go_on(round); });
  }
};

}  // namespace

void visit_all(const Fleet& fleet, std::function<void(ControlledModem& modem)> action,
               std::function<void()> done) {
  const auto round =
      std::make_shared<Round>(Round{fleet, fleet.modems(), std::move(action), std::move(done)});
  visit(*round->modems.front(), [round] { Round::go_on(round); });
}

Parameter modem_parameter() {
  return {"modem", name(), fmt::format("Name of a modem; {} is the first", first_modem), true};
}

Handler for_modem(
    const Fleet& fleet,
    std::function<void(ControlledModem& modem, const Call& call, Responder responder)> handler) {
  return [&fleet, handler = std::move(handler)](const Call& call, Responder responder) {
    const auto name = call.parameters.at("modem").get<std::string>();
    auto* modem = find_modem(fleet, name);
    if (modem == nullptr)
      return responder.problem(
          {404, fmt::format("there is no modem '{}'; /v1/modems lists them", name), "modem"});
    if (!fleet.ready()) return responder.problem({503, "the modem is still starting"});
    if (modem->other_loop() == nullptr) return handler(*modem, call, std::move(responder));
    responder =
        Responder(std::make_shared<FarExchange>(std::move(responder), fleet, *modem->other_loop()));
    visit(*modem, [modem, handler, call, responder = std::move(responder)] {
      run_handler([&](const Call& it, Responder whom) { handler(*modem, it, std::move(whom)); },
                  call, responder);
    });
  };
}

Route modem_route(Method method, const std::string& tail, std::string id, std::string summary) {
  Route route;
  route.method = method;
  route.path = "/v1/modems/{modem}" + tail;
  route.id = std::move(id);
  route.summary = std::move(summary);
  route.parameters = {modem_parameter()};
  return route;
}

std::uint64_t note(ControlledModem& modem, const Call& call, std::vector<journal::Field> more) {
  auto fields = journal::make_fields(journal::Field{"method", std::string(to_text(call.method))},
                                     journal::Field{"path", call.path});
  for (auto& field : more) fields.push_back(std::move(field));
  return modem.journal().add(modem.timeline().now(), journal::Kind::control, std::move(fields));
}

}  // namespace emulator::control
