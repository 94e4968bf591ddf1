#include "emulator/control/routes_faults.hpp"

#include "emulator/words.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace emulator::control {
namespace {

using nlohmann::json;

Schema schema_of(const faults::Param& param) {
  using Kind = faults::Param::Kind;
  const std::string about(param.summary);
  if (param.kind == Kind::number) return integer(param.low, param.high).described(about);
  if (param.kind == Kind::text)
    return text(static_cast<std::size_t>(param.low), static_cast<std::size_t>(param.high))
        .described(about);
  return one_of(split_words(param.words)).described(about);
}

/// Where a parameter is missing, the fault itself says which: it is not left to the schema.
Variant variant_of(const faults::FaultType& type) {
  std::vector<Member> params;
  for (const auto& param : type.params)
    if (param.kind != faults::Param::Kind::none)
      params.push_back({std::string(param.name), schema_of(param), !param.optional});
  return {
      std::string(type.name), {{"params", object(std::move(params))}}, std::string(type.summary)};
}

Schema condition_schema() {
  constexpr double longest = 1e9;
  constexpr std::int64_t most = 1'000'000'000;
  return object({{"command", text(0, faults::Pattern::max_size)
                                 .described("A regular expression over the command without AT")},
                 {"client", integer(0, 5).described("The client_idx that the command is about")},
                 {"topic", text(1, 1024).described("An MQTT filter over the command's topic")},
                 {"nth", integer(1, most).described("Of what matches, this one alone")},
                 {"every", integer(1, most).described("Of what matches, every n-th")},
                 {"probability", number(0, 1).described("Of what matches, some, drawn from seed")},
                 {"from", number(0, longest).described("Virtual seconds since the start")},
                 {"to", number(0, longest).described("Virtual seconds since the start")},
                 {"state", text(1, 32).described("The name of the client's state")}})
      .described("All members must hold")
      .as_component("Condition");
}

Schema fault_schema() {
  std::vector<Variant> variants;
  for (const auto& type : faults::all_types()) variants.push_back(variant_of(type));
  constexpr std::int64_t most = 1'000'000'000;
  constexpr std::int64_t most_seed = 9'007'199'254'740'991;
  return with_variants(object({{"name", name().described("fault1, fault2, … unless told")},
                               {"when", condition_schema()},
                               {"count", integer(1, most).described("How often it acts at most")},
                               {"seed", integer(0, most_seed).described("What it draws from; 1")},
                               {"applied", integer(0, most).described("How often it has acted")}}),
                       "type", std::move(variants))
      .as_component("Fault");
}

json described(const faults::Param& param) {
  json shown{{"name", param.name},
             {"about", param.summary},
             {"allowed", faults::allowed(param)},
             {"required", !param.optional}};
  if (param.kind == faults::Param::Kind::number) {
    shown["minimum"] = param.low;
    shown["maximum"] = param.high;
  }
  if (!param.words.empty()) shown["enum"] = split_words(param.words);
  if (!param.otherwise.empty()) shown["default"] = param.otherwise;
  return shown;
}

Route types_route() {
  Route route;
  route.path = "/v1/faults";
  route.id = "listFaultTypes";
  route.summary = "The types of faults, their parameters and ranges";
  route.outcomes = {{200, "All of them", object({{"types", list_of(open_object()), true}})}};
  route.handler = [](const Call&, const Responder& responder) {
    auto types = json::array();
    for (const auto& type : faults::all_types()) {
      auto params = json::array();
      for (const auto& param : type.params)
        if (param.kind != faults::Param::Kind::none) params.push_back(described(param));
      types.push_back({{"name", type.name}, {"about", type.summary}, {"params", params}});
    }
    responder.reply(200, {{"types", types}});
  };
  return route;
}

Route base(Method method, const std::string& tail, std::string id, std::string summary) {
  auto route = modem_route(method, "/faults" + tail, std::move(id), std::move(summary));
  if (!tail.empty()) route.parameters.push_back({"fault", name(), "Its name"});
  return route;
}

Problem not_found(const std::string& name) {
  return {404, fmt::format("there is no fault {}", name)};
}

void set(ControlledModem& modem, const json& object, const Responder& responder, int status = 201) {
  const auto added = modem.injector().faults().add(object, modem.timeline().now());
  if (const auto* wrong = std::get_if<faults::Refusal>(&added)) {
    const bool stands = wrong->detail.empty();
    return responder.problem({stands ? 409 : 400,
                              stands ? "there is a fault of that name already" : wrong->detail,
                              wrong->field});
  }
  responder.reply(status, std::get<const faults::Fault*>(added)->to_json());
}

Route add_route(const Fleet& fleet) {
  auto route = base(Method::post, "", "addFault", "Sets a fault");
  route.body = fault_schema();
  route.outcomes = {{201, "It is set", fault_schema()}, {409, "There is one of that name"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          note(modem, call);
          set(modem, call.body, responder);
        });
      });
  return route;
}

Route list_route(const Fleet& fleet) {
  auto route = base(Method::get, "", "listFaults", "The faults that are set");
  route.outcomes = {
      {200, "In the order in which they act", object({{"faults", list_of(fault_schema()), true}})}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call&, const Responder& responder) {
        auto faults = json::array();
        for (const auto& fault : modem.injector().faults().all()) faults.push_back(fault.to_json());
        responder.reply(200, {{"faults", faults}});
      });
  return route;
}

Route clear_route(const Fleet& fleet) {
  auto route = base(Method::del, "", "clearFaults", "Removes all faults");
  route.outcomes = {{204, "They are gone"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          note(modem, call);
          modem.injector().faults().clear();
          responder.no_content();
        });
      });
  return route;
}

Route get_route(const Fleet& fleet) {
  auto route = base(Method::get, "/{fault}", "getFault", "One fault");
  route.outcomes = {{200, "As it is set", fault_schema()}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        const auto wanted = call.parameters.at("fault").get<std::string>();
        const auto* fault = modem.injector().faults().find(wanted);
        if (fault == nullptr) return responder.problem(not_found(wanted));
        responder.reply(200, fault->to_json());
      });
  return route;
}

/// A patched fault takes the place of the old one, at the end of the order, and counts anew.
Route patch_route(const Fleet& fleet) {
  auto route = base(Method::patch, "/{fault}", "patchFault",
                    "Changes a fault: it is set anew, behind the others");
  route.body = open_object().described("A merge patch (RFC 7386) of the fault");
  route.outcomes = {{200, "As it is set now", fault_schema()}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          const auto wanted = call.parameters.at("fault").get<std::string>();
          auto& faults = modem.injector().faults();
          const auto* fault = faults.find(wanted);
          if (fault == nullptr) return responder.problem(not_found(wanted));
          if (call.body.contains("applied"))
            return responder.problem({400, "is counted, and cannot be set", "applied"});
          auto patched = fault->to_json();
          patched.merge_patch(call.body);
          if (patched.value("name", json()) != wanted)
            return responder.problem({400, "a fault keeps its name", "name"});
          const auto tried = faults::Fault::parse(patched, wanted);
          if (const auto* wrong = std::get_if<faults::Refusal>(&tried))
            return responder.problem({400, wrong->detail, wrong->field});
          note(modem, call);
          faults.remove(wanted);
          set(modem, patched, responder, 200);
        });
      });
  return route;
}

Route remove_route(const Fleet& fleet) {
  auto route = base(Method::del, "/{fault}", "removeFault", "Removes a fault");
  route.outcomes = {{204, "It is gone"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          const auto wanted = call.parameters.at("fault").get<std::string>();
          if (!modem.injector().faults().remove(wanted))
            return responder.problem(not_found(wanted));
          note(modem, call);
          responder.no_content();
        });
      });
  return route;
}

}  // namespace

Routes fault_routes(const Fleet& fleet) {
  return {types_route(),    add_route(fleet),   list_route(fleet),  clear_route(fleet),
          get_route(fleet), patch_route(fleet), remove_route(fleet)};
}

}  // namespace emulator::control
