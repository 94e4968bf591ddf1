#include "emulator/scenario_file.hpp"

#include "codec/json_text.hpp"
#include "command_line/one_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <boost/asio/ip/address_v4.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator {
namespace {

using device::Operator;
using device::Scene;
using device::SceneChange;
using nlohmann::json;

/// The member that is to blame is what the message begins with, unless it is told.
struct Wrong : std::runtime_error {
  explicit Wrong(const std::string& what) : Wrong(what, what.substr(0, what.find(' '))) {}
  Wrong(const std::string& what, std::string member)
      : std::runtime_error(what), field(std::move(member)) {}

  std::string field;
};

/// An object of the file, which may have only the members that somebody asks for.
class Object {
 public:
  Object(const json& value, std::string name) : value_(value), name_(std::move(name)) {
    if (!value.is_object()) throw Wrong(fmt::format("{} must be an object", name_));
  }

  template <class Value>
  void number(const char* key, Value& target, std::int64_t low, std::int64_t high) {
    const auto* member = find(key);
    if (member == nullptr) return;
    const auto given = codec::whole_number(*member);
    if (!given || *given < low || *given > high)
      throw Wrong(fmt::format("{} must be {} to {}", path(key), low, high));
    target = static_cast<Value>(*given);
  }

  void flag(const char* key, bool& target) {
    const auto* member = find(key);
    if (member == nullptr) return;
    if (!member->is_boolean()) throw Wrong(fmt::format("{} must be true or false", path(key)));
    target = member->get<bool>();
  }

  template <class Check>
  void text(const char* key, std::string& target, Check check, std::string_view allowed) {
    const auto* member = find(key);
    if (member == nullptr) return;
    if (!member->is_string() || !check(member->get<std::string>()))
      throw Wrong(fmt::format("{} must be {}", path(key), allowed));
    target = member->get<std::string>();
  }

  const json* find(const char* key) {
    known_.emplace_back(key);
    const auto member = value_.find(key);
    return member == value_.end() ? nullptr : &*member;
  }

  const json* list(const char* key) {
    const auto* member = find(key);
    if (member != nullptr && !member->is_array())
      throw Wrong(fmt::format("{} must be a list", path(key)));
    return member;
  }

  /// Of what each event of a scenario keeps anew.
  const json* short_list(const char* key) {
    constexpr std::size_t most = 64;
    const auto* member = list(key);
    if (member != nullptr && member->size() > most)
      throw Wrong(fmt::format("{} must have at most {} entries", path(key), most));
    return member;
  }

  [[nodiscard]] std::string path(std::string_view key) const {
    return fmt::format("{}{}{}", name_, name_.empty() ? "" : ".", key);
  }

  /// Throws when there is a member that nobody asked for.
  void done() const {
    for (const auto& [key, value] : value_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      const auto member = path(command_line::one_line(key));
      throw Wrong(fmt::format("{} is not known", member), member);
    }
  }

 private:
  const json& value_;
  std::string name_;
  std::vector<std::string> known_;
};

bool is_name(const std::string& text) {
  const auto fits = [](char c) { return c >= ' ' && c <= '~' && c != '"'; };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), fits);
}

bool is_address(const std::string& text) {
  boost::system::error_code error;
  static_cast<void>(boost::asio::ip::make_address_v4(text, error));
  return !error;
}

Operator read_operator(const json& value, const std::string& name) {
  Operator read;
  Object object(value, name);
  object.text("name", read.name, is_name, "1 to 64 characters without quotes");
  object.text("short_name", read.short_name, is_name, "1 to 64 characters without quotes");
  object.text("plmn", read.plmn, device::is_plmn, "5 or 6 digits");
  object.flag("forbidden", read.forbidden);
  object.done();
  return read;
}

void read_cell(const json& value, device::Cell& cell) {
  Object object(value, "cell");
  object.number("tac", cell.tac, 0, 0xFFFF);
  object.number("id", cell.id, 0, 0xFFFFFFF);
  object.number("pcid", cell.pcid, 0, 503);
  object.number("earfcn", cell.earfcn, 0, 262143);
  object.number("band", cell.band, 1, 85);
  object.done();
}

void read_signal(const json& value, device::Signal& signal) {
  Object object(value, "signal");
  object.number("rsrp", signal.rsrp, -140, -44);
  object.number("rsrq", signal.rsrq, -20, -3);
  object.number("rssi", signal.rssi, -113, -51);
  object.number("sinr", signal.sinr, -20, 30);
  object.done();
}

device::Neighbour read_neighbour(const json& value, const std::string& name) {
  device::Neighbour read;
  Object object(value, name);
  object.number("earfcn", read.earfcn, 0, 262143);
  object.number("pcid", read.pcid, 0, 503);
  object.number("rsrp", read.rsrp, -140, -44);
  object.number("rsrq", read.rsrq, -20, -3);
  object.flag("same_frequency", read.same_frequency);
  object.done();
  return read;
}

void read_service(Object& object, Scene& scene) {
  constexpr std::array<std::pair<std::string_view, Scene::Service>, 4> services{
      {{"home", Scene::Service::home},
       {"roaming", Scene::Service::roaming},
       {"denied", Scene::Service::denied},
       {"none", Scene::Service::none}}};
  std::string word = "home";
  object.text(
      "service", word,
      [&](const std::string& text) {
        for (const auto& [name, service] : services)
          if (name == text) scene.service = service;
        return std::any_of(services.begin(), services.end(),
                           [&](const auto& row) { return row.first == text; });
      },
      "home, roaming, denied or none");
}

void read_voltages(Object& object, Scene& scene) {
  object.number("supply_mv", scene.supply_mv, 0, 6000);
  object.number("temperature_c", scene.temperature_c, -40, 125);
  const auto* inputs = object.list("adc_mv");
  if (inputs == nullptr) return;
  if (inputs->size() != scene.adc_mv.size()) throw Wrong("adc_mv must have two entries");
  for (std::size_t i = 0; i < scene.adc_mv.size(); ++i) {
    const json entry{{"adc_mv", (*inputs)[i]}};
    Object(entry, "").number("adc_mv", scene.adc_mv[i], 0, 5000);
  }
}

void read_addresses(Object& object, Scene& scene) {
  object.text("host_address", scene.host_address, is_address, "an IPv4 address");
  const auto* servers = object.list("dns");
  if (servers == nullptr) return;
  if (servers->empty() || servers->size() > 2) throw Wrong("dns must have one or two addresses");
  scene.dns.clear();
  for (const auto& server : *servers) {
    if (!server.is_string() || !is_address(server.get<std::string>()))
      throw Wrong("dns must hold IPv4 addresses");
    scene.dns.push_back(server.get<std::string>());
  }
}

void read_update_times(const json& value, device::UpdateTimes& times) {
  constexpr int hour = 3'600'000;
  Object object(value, "fota");
  object.number("check_ms", times.check_ms, 0, hour);
  object.number("reset_ms", times.reset_ms, 0, hour);
  object.number("start_ms", times.start_ms, 0, hour);
  object.number("update_ms", times.update_ms, 0, hour);
  object.done();
}

void read_data_calls(const json& value, device::DataCalls& calls) {
  constexpr int minute = 60'000;
  Object object(value, "ppp");
  object.flag("refuse_login", calls.refuse_login);
  object.number("ipcp_delay_ms", calls.ipcp_delay_ms, 0, minute);
  object.done();
}

Scene read_scene(const json& value, const Scene& base) {
  Scene scene = base;
  Object object(value, "");
  read_service(object, scene);
  if (const auto* network = object.find("operator"))
    scene.network = read_operator(*network, "operator");
  if (const auto* others = object.short_list("other_operators"))
    for (const auto& other : *others)
      scene.others.push_back(read_operator(other, "other_operators"));
  if (const auto* cell = object.find("cell")) read_cell(*cell, scene.cell);
  if (const auto* signal = object.find("signal")) read_signal(*signal, scene.signal);
  if (const auto* cells = object.short_list("neighbours"))
    for (const auto& cell : *cells) scene.neighbours.push_back(read_neighbour(cell, "neighbours"));
  object.flag("sim_inserted", scene.sim_inserted);
  object.number("zone", scene.zone, -48, 56);
  object.flag("daylight_saving", scene.daylight_saving);
  read_addresses(object, scene);
  read_voltages(object, scene);
  if (const auto* times = object.find("fota")) read_update_times(*times, scene.fota);
  if (const auto* calls = object.find("ppp")) read_data_calls(*calls, scene.ppp);
  object.done();
  return scene;
}

std::vector<int> read_deactivated(const json& event) {
  std::vector<int> cids;
  const auto member = event.find("deactivate");
  if (member == event.end()) return cids;
  if (!member->is_array()) throw Wrong("deactivate must be a list of contexts 1 to 15");
  for (const auto& cid : *member) {
    if (!cid.is_number_integer() || cid < 1 || cid > 15)
      throw Wrong("deactivate must be a list of contexts 1 to 15");
    cids.push_back(cid.get<int>());
  }
  return cids;
}

at::Duration read_moment(const json& event) {
  const auto member = event.find("at");
  if (member == event.end() || !member->is_number() || member->get<double>() < 0 ||
      member->get<double>() > max_scenario_time)
    throw Wrong("every event needs \"at\": seconds from the start", "at");
  return scenario_time(member->get<double>());
}

/// The event put upon `file`, which is what was before.
SceneChange read_event(const json& event, at::Duration not_before, json& file, const Scene& base) {
  if (!event.is_object()) throw Wrong("every event must be an object", "");
  const auto at = read_moment(event);
  if (at < not_before) throw Wrong("the events must be in order of time", "at");
  auto deactivated = read_deactivated(event);
  auto patch = event;
  patch.erase("at");
  auto text = patch.dump();
  patch.erase("deactivate");
  file.merge_patch(patch);
  return {at, read_scene(file, base), std::move(deactivated), std::move(text)};
}

std::vector<SceneChange> read_all(json file, const Scene& base) {
  if (!file.is_object()) throw Wrong("the scenario must be an object", "");
  const json events = file.value("events", json::array());
  file.erase("events");
  if (!events.is_array()) throw Wrong("events must be a list");
  if (events.size() > max_scenario_events)
    throw Wrong(fmt::format("more than {} events", max_scenario_events), "events");
  std::vector<SceneChange> changes{{at::Duration::zero(), read_scene(file, base), {}}};
  for (std::size_t i = 0; i < events.size(); ++i) {
    try {
      changes.push_back(read_event(events[i], changes.back().at, file, base));
    } catch (const Wrong& wrong) {
      const auto place = fmt::format("events[{}]", i);
      throw Wrong(wrong.what(), wrong.field.empty() ? place : place + '.' + wrong.field);
    }
  }
  return changes;
}

std::string_view name_of(device::Scene::Service service) {
  constexpr std::array<std::string_view, 4> names{"home", "roaming", "denied", "none"};
  return names[static_cast<std::size_t>(service)];
}

}  // namespace

std::string ScenarioRefusal::text() const { return codec::complaint(field, detail); }

std::variant<std::vector<SceneChange>, ScenarioRefusal> parse_scenario(const json& document,
                                                                       const Scene& base) {
  try {
    return read_all(document, base);
  } catch (const Wrong& wrong) {
    return ScenarioRefusal{wrong.field, wrong.what()};
  } catch (const std::exception& wrong) {
    return ScenarioRefusal{{}, wrong.what()};
  }
}

std::variant<std::vector<SceneChange>, std::string> parse_scenario(const std::string& text,
                                                                   const Scene& base) {
  const auto file = codec::parse_json(text);
  if (file.is_discarded()) return "it " + codec::why_no_json(text);
  auto parsed = parse_scenario(file, base);
  if (const auto* wrong = std::get_if<ScenarioRefusal>(&parsed)) return wrong->text();
  return std::get<std::vector<SceneChange>>(std::move(parsed));
}

at::Duration scenario_time(double seconds) {
  return at::Duration(static_cast<std::int64_t>(std::llround(seconds * 1e6)));
}

std::variant<SceneChange, std::string> parse_scene_patch(const std::string& text,
                                                         const Scene& scene) {
  auto patch = codec::parse_json(text);
  if (patch.is_discarded()) return "it " + codec::why_no_json(text);
  try {
    SceneChange change;
    change.deactivated = read_deactivated(patch);
    patch.erase("deactivate");
    auto base = scene;
    if (patch.contains("other_operators")) base.others.clear();
    if (patch.contains("neighbours")) base.neighbours.clear();
    change.scene = read_scene(patch, base);
    return change;
  } catch (const std::exception& wrong) {
    return std::string(wrong.what());
  }
}

json to_json(const device::Scene& scene) {
  const auto show = [](const device::Operator& network) {
    return json{{"name", network.name},
                {"short_name", network.short_name},
                {"plmn", network.plmn},
                {"forbidden", network.forbidden}};
  };
  json others = json::array();
  for (const auto& other : scene.others) others.push_back(show(other));
  json neighbours = json::array();
  for (const auto& cell : scene.neighbours)
    neighbours.push_back({{"earfcn", cell.earfcn},
                          {"pcid", cell.pcid},
                          {"rsrp", cell.rsrp},
                          {"rsrq", cell.rsrq},
                          {"same_frequency", cell.same_frequency}});
  const auto& cell = scene.cell;
  const auto& signal = scene.signal;
  return {{"service", name_of(scene.service)},
          {"operator", show(scene.network)},
          {"other_operators", others},
          {"cell",
           {{"tac", cell.tac},
            {"id", cell.id},
            {"pcid", cell.pcid},
            {"earfcn", cell.earfcn},
            {"band", cell.band}}},
          {"signal",
           {{"rsrp", signal.rsrp},
            {"rsrq", signal.rsrq},
            {"rssi", signal.rssi},
            {"sinr", signal.sinr}}},
          {"neighbours", neighbours},
          {"sim_inserted", scene.sim_inserted},
          {"zone", scene.zone},
          {"daylight_saving", scene.daylight_saving},
          {"host_address", scene.host_address},
          {"dns", scene.dns},
          {"supply_mv", scene.supply_mv},
          {"temperature_c", scene.temperature_c},
          {"adc_mv", scene.adc_mv},
          {"fota",
           {{"check_ms", scene.fota.check_ms},
            {"reset_ms", scene.fota.reset_ms},
            {"start_ms", scene.fota.start_ms},
            {"update_ms", scene.fota.update_ms}}},
          {"ppp",
           {{"refuse_login", scene.ppp.refuse_login}, {"ipcp_delay_ms", scene.ppp.ipcp_delay_ms}}}};
}

}  // namespace emulator
