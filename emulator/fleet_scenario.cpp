#include "emulator/fleet_scenario.hpp"

#include "emulator/scenario_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace emulator {
namespace {

using nlohmann::json;

constexpr double longest_spread = 86'400;

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || text.front() == '-' || error != std::errc{} ||
      end != text.data() + text.size())
    return std::nullopt;
  return number;
}

/// Which modems "0,4-6" names, by index; nothing when it is none of that, or names one too many.
std::optional<std::vector<bool>> named_in(std::string_view list, int count) {
  std::vector<bool> named(static_cast<std::size_t>(count));
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto range = list.substr(0, comma);
    const auto dash = range.find('-');
    const auto first = number_in(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number_in(range.substr(dash + 1));
    if (!first || !last || *first > *last || *last >= count) return std::nullopt;
    std::fill(named.begin() + *first, named.begin() + *last + 1, true);
    if (comma == std::string_view::npos) return named;
    list = list.substr(comma + 1);
  }
  return std::nullopt;
}

struct Reader {
  FleetPlace place;
  double before = 0;  // when the event came that stands before

  /// The event as it is for the modem; null when it is not about it.
  std::variant<json, ScenarioRefusal> read(json event, const std::string& where) {
    const auto wrong = [&](const char* member, std::string what) {
      return ScenarioRefusal{fmt::format("{}.{}", where, member), std::move(what)};
    };
    // What is wrong otherwise is for the scenario's own reader to say.
    if (!event.is_object() || !event.contains("at") || !event.at("at").is_number()) return event;
    const auto at = event.at("at").get<double>();
    if (at < before) return wrong("at", "the events must be in order of time");
    before = at;
    if (!event.contains("modems") && !event.contains("spread")) return event;
    std::vector<bool> named(static_cast<std::size_t>(place.count), true);
    if (event.contains("modems")) {
      const auto& list = event.at("modems");
      auto read = list.is_string() ? named_in(list.get<std::string>(), place.count) : std::nullopt;
      if (!read)
        return wrong("modems",
                     fmt::format("modems must name modems 0 to {}, as \"0,2-4\"", place.count - 1));
      named = *std::move(read);
    }
    double spread = 0;
    if (event.contains("spread")) {
      const auto& seconds = event.at("spread");
      if (seconds.is_number()) spread = seconds.get<double>();
      if (!seconds.is_number() || spread < 0 || spread > longest_spread)
        return wrong("spread", fmt::format("spread must be 0 to {} seconds", longest_spread));
      if (at + spread > max_scenario_time)
        return wrong("spread",
                     fmt::format("at and spread must end by {} seconds", max_scenario_time));
    }
    if (!named[static_cast<std::size_t>(place.index)]) return json();
    if (spread > 0) {
      const auto mine = named.begin() + place.index;
      const auto share = static_cast<double>(std::count(named.begin(), mine, true)) /
                         static_cast<double>(std::count(named.begin(), named.end(), true));
      event["at"] = at + spread * share;
    }
    event.erase("modems");
    event.erase("spread");
    return event;
  }
};

}  // namespace

std::variant<json, ScenarioRefusal> scenario_of(const json& document, const FleetPlace& place) {
  if (!document.is_object() || !document.contains("events") || !document.at("events").is_array())
    return document;
  Reader reader{place};
  std::vector<json> events;
  for (std::size_t i = 0; i < document.at("events").size(); ++i) {
    auto read = reader.read(document.at("events")[i], fmt::format("events[{}]", i));
    if (auto* wrong = std::get_if<ScenarioRefusal>(&read)) return std::move(*wrong);
    if (auto& event = std::get<json>(read); !event.is_null()) events.push_back(std::move(event));
  }
  const auto moment = [](const json& event) {
    const auto known = event.is_object() && event.contains("at") && event.at("at").is_number();
    return known ? event.at("at").get<double>() : 0;
  };
  std::stable_sort(events.begin(), events.end(),
                   [&](const json& a, const json& b) { return moment(a) < moment(b); });
  auto mine = document;
  mine["events"] = std::move(events);
  return mine;
}

json scenario_of_all(json document) {
  if (!document.is_object() || !document.contains("events") || !document.at("events").is_array())
    return document;
  for (auto& event : document["events"])
    for (const auto* member : {"modems", "spread"})
      if (event.is_object()) event.erase(member);
  return document;
}

}  // namespace emulator
