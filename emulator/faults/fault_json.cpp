// How a fault is written down, and read (contract CTL-9).
#include "at_engine/text.hpp"
#include "codec/json_text.hpp"
#include "command_line/one_line.hpp"
#include "emulator/faults/fault.hpp"
#include "mqtt_backend/client_state.hpp"
#include "mqtt_backend/topic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::faults {
namespace {

using command_line::one_line;
using nlohmann::json;

constexpr double longest_s_ever = 1e9;
constexpr std::int64_t most_count = 1'000'000'000;

bool is_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= Fault::max_name && plain(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return plain(c) || c == '.' || c == '_' || c == '-'; });
}

std::optional<std::int64_t> whole(const json& value, std::int64_t low, std::int64_t high) {
  const auto number = codec::whole_number(value);
  return number && *number >= low && *number <= high ? number : std::nullopt;
}

std::optional<double> real(const json& value, double low, double high) {
  if (!value.is_number()) return std::nullopt;
  const auto number = value.get<double>();
  if (!(number >= low && number <= high)) return std::nullopt;
  return number;
}

at::Duration duration(double seconds) {
  return at::Duration(static_cast<at::Duration::rep>(std::llround(seconds * 1e6)));
}

bool is_one_of(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const auto bar = words.find('|');
    if (words.substr(0, bar) == word) return true;
    words = bar == std::string_view::npos ? std::string_view{} : words.substr(bar + 1);
  }
  return false;
}

std::vector<std::string_view> state_names() {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(mqtt_backend::ClientState::closing); ++i)
    names.push_back(name_of(static_cast<mqtt_backend::ClientState>(i)));
  return names;
}

/// Reads one member of `when`.
std::optional<Refusal> read_condition(Condition& when, const std::string& key, const json& value) {
  const auto refuse = [&](std::string detail) { return Refusal{"when." + key, std::move(detail)}; };
  if (key == "command") {
    if (!value.is_string()) return refuse("must be a regular expression");
    auto compiled = Pattern::compile(value.get<std::string>());
    if (const auto* wrong = std::get_if<std::string>(&compiled)) return refuse(*wrong);
    when.command = std::get<Pattern>(compiled);
  } else if (key == "client") {
    const auto client = whole(value, 0, 5);
    if (!client) return refuse("must be a client_idx, 0 to 5");
    when.client = static_cast<int>(*client);
  } else if (key == "topic") {
    if (!value.is_string() || !mqtt_backend::is_filter(value.get<std::string>()))
      return refuse("must be an MQTT topic filter");
    when.topic = value.get<std::string>();
  } else if (key == "state") {
    const auto names = state_names();
    if (!value.is_string() ||
        std::find(names.begin(), names.end(), value.get<std::string>()) == names.end())
      return refuse(fmt::format("must be one of {}", fmt::join(names, ", ")));
    when.state = value.get<std::string>();
  } else if (key == "nth" || key == "every") {
    const auto number = whole(value, 1, most_count);
    if (!number) return refuse("must be a number from 1 on");
    (key == "nth" ? when.nth : when.every) = static_cast<int>(*number);
  } else if (key == "probability") {
    const auto number = real(value, 0, 1);
    if (!number) return refuse("must be 0 to 1");
    when.probability = *number;
  } else if (key == "from" || key == "to") {
    const auto number = real(value, 0, longest_s_ever);
    if (!number) return refuse("must be seconds since the start");
    (key == "from" ? when.from : when.to) = duration(*number);
  } else {
    return Refusal{"when." + one_line(key),
                   "there is no such condition; there are command, client, topic, nth, every, "
                   "probability, from, to and state"};
  }
  return std::nullopt;
}

/// Reads one parameter, or its default when `value` is null.
std::optional<Refusal> check_param(const Param& param, const json& value,
                                   std::map<std::string, std::int64_t, std::less<>>& numbers,
                                   std::map<std::string, std::string, std::less<>>& texts) {
  const auto refuse = [&] {
    return Refusal{fmt::format("params.{}", param.name), "must be " + allowed(param)};
  };
  if (param.kind == Param::Kind::number) {
    const auto number = whole(value, param.low, param.high);
    if (!number) return refuse();
    numbers[std::string(param.name)] = *number;
    return std::nullopt;
  }
  if (!value.is_string()) return refuse();
  const auto text = value.get<std::string>();
  const auto size = static_cast<std::int64_t>(text.size());
  const bool fits = param.kind == Param::Kind::word
                        ? is_one_of(param.words, text)
                        : at::is_printable(text, true) && size >= param.low && size <= param.high;
  if (!fits) return refuse();
  texts[std::string(param.name)] = text;
  return std::nullopt;
}

json default_of(const Param& param) {
  if (param.kind == Param::Kind::number) return std::stoll(std::string(param.otherwise));
  return param.otherwise;
}

json shown(const Condition& when) {
  json object = json::object();
  if (when.command) object["command"] = when.command->text();
  if (when.client) object["client"] = *when.client;
  if (when.topic) object["topic"] = *when.topic;
  if (when.nth) object["nth"] = *when.nth;
  if (when.every) object["every"] = *when.every;
  if (when.probability < 1) object["probability"] = when.probability;
  const auto in_seconds = [](at::Duration time) {
    return std::chrono::duration<double>(time).count();
  };
  if (when.from) object["from"] = in_seconds(*when.from);
  if (when.to) object["to"] = in_seconds(*when.to);
  if (when.state) object["state"] = *when.state;
  return object;
}

}  // namespace

std::optional<Refusal> Fault::read_params(const json& params) {
  for (const auto& [key, value] : params.items())
    if (type_->param(key) == nullptr)
      return Refusal{"params." + one_line(key),
                     fmt::format("{} has no such parameter", type_->name)};
  for (const auto& param : type_->params) {
    if (param.kind == Param::Kind::none) continue;
    const auto given = params.find(param.name);
    if (given == params.end() && !param.optional)
      return Refusal{fmt::format("params.{}", param.name),
                     fmt::format("is missing: {}, {}", param.summary, allowed(param))};
    if (given == params.end() && param.otherwise.empty()) continue;
    const json value = given == params.end() ? default_of(param) : *given;
    if (auto wrong = check_param(param, value, numbers_, texts_)) return wrong;
  }
  if (type_->name == "broker" && !has("mode") && !has("code"))
    return Refusal{"params.mode", "is missing, and so is a code"};
  const auto& packet = text("packet");
  if (text("mode") == "wrong-id" && (packet == "connack" || packet == "pingresp"))
    return Refusal{"params.mode", fmt::format("a {} has no packet id", packet)};
  if (type_->name == "broker" && has("code") && packet != "connack" && packet != "suback")
    return Refusal{"params.code", fmt::format("a {} has no code here: connack or suback", packet)};
  const auto& first = type_->params.front().name;
  if (type_->one_at_least && numbers_.size() == numbers_.count("s"))
    return Refusal{fmt::format("params.{}", first), "is missing, and so are the others"};
  if (type_->param("topic") != nullptr && !mqtt_backend::is_publishable(text("topic")))
    return Refusal{"params.topic", "must be a topic without wildcards"};
  return std::nullopt;
}

std::optional<Refusal> Fault::read(const json& object, const std::string& unnamed) {
  constexpr std::array<std::string_view, 7> known{"name", "type",   "when",   "count",
                                                  "seed", "params", "applied"};
  if (!object.is_object()) return Refusal{"", "a fault must be an object"};
  for (const auto& [key, value] : object.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      return Refusal{one_line(key), "a fault has no such member"};
  const json name = object.value("name", json(unnamed));
  if (!name.is_string() || !is_name(name.get<std::string>()))
    return Refusal{"name", "must be [a-z0-9][a-z0-9._-]{0,63}"};
  name_ = name.get<std::string>();
  const json type = object.value("type", json());
  type_ = type.is_string() ? find_type(type.get<std::string>()) : nullptr;
  if (type_ == nullptr) return Refusal{"type", "must be one of those that /v1/faults lists"};
  const json count = object.value("count", json());
  if (!count.is_null()) {
    const auto number = whole(count, 1, most_count);
    if (!number) return Refusal{"count", "must be a number from 1 on"};
    count_ = static_cast<int>(*number);
  }
  const auto seed =
      whole(object.value("seed", json(1)), 0, std::numeric_limits<std::int64_t>::max());
  if (!seed) return Refusal{"seed", "must be a number from 0 on"};
  seed_ = static_cast<std::uint64_t>(*seed);
  draw_.seed(seed_);
  const json when = object.value("when", json::object());
  if (!when.is_object()) return Refusal{"when", "must be an object"};
  for (const auto& [key, value] : when.items())
    if (auto wrong = read_condition(when_, key, value)) return wrong;
  if (when_.from && when_.to && *when_.from > *when_.to)
    return Refusal{"when.to", "must not be before from"};
  if (when_.nth && when_.every && *when_.nth % *when_.every != 0)
    return Refusal{"when.nth", "is never one of every: it would never match"};
  const json params = object.value("params", json::object());
  if (!params.is_object()) return Refusal{"params", "must be an object"};
  return read_params(params);
}

std::variant<Fault, Refusal> Fault::parse(const json& object, const std::string& unnamed) {
  Fault fault;
  if (auto wrong = fault.read(object, unnamed)) return *std::move(wrong);
  return fault;
}

json Fault::to_json() const {
  json params = json::object();
  for (const auto& [name, number] : numbers_) params[name] = number;
  for (const auto& [name, text] : texts_) params[name] = text;
  json object{{"name", name_}, {"type", type_->name}, {"when", shown(when_)},
              {"seed", seed_}, {"params", params},    {"applied", applied_}};
  if (count_) object["count"] = *count_;
  return object;
}

}  // namespace emulator::faults
