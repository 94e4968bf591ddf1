#include "emulator/ctl/command.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/ctl/json_file.hpp"
#include "emulator/ctl/value_text.hpp"
#include "emulator/scenario_file.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator::ctl {
namespace {

using nlohmann::json;

/// "signal.rsrp" as JSON pointer.
json::json_pointer pointer(const std::string& path) {
  std::string text;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('.', begin), path.size());
    const auto member = path.substr(begin, end - begin);
    if (member.empty() || member.find_first_of("/~") != std::string::npos)
      throw Failure(fmt::format("{}: give a path of names with dots between", path));
    text += '/' + member;
    begin = end + 1;
  }
  return json::json_pointer(text);
}

/// What `path` leads to is to be made; nothing may be there, and no value in its way.
void put(json& patch, const std::string& path, json value) {
  for (auto place = pointer(path); !place.empty(); place = place.parent_pointer()) {
    const bool is_target = place == pointer(path);
    if (patch.contains(place) && (is_target || !patch.at(place).is_object()))
      throw Failure(fmt::format("{}: is set twice", path));
  }
  patch[pointer(path)] = std::move(value);
}

struct Change {
  std::vector<std::string> words{};
  std::optional<double> at{};
  std::optional<double> after{};
};

Outcome set(Session& session, const Change& change) {
  json patch = json::object();
  std::vector<std::string> paths;
  for (const auto& word : change.words) {
    auto [path, value] = assignment(word);
    put(patch, path, std::move(value));
    paths.push_back(path);
  }
  if (change.at) patch["at"] = *change.at;
  if (change.after) patch["after"] = *change.after;
  const auto answer = session.send("PATCH", session.path("/surroundings"), patch);
  if (session.json()) return {as_is(answer.body)};
  const auto now = parsed(answer);
  if (change.at || change.after)
    return {fmt::format("planned for {} s\n", plain(now.value("at", json())))};
  Outcome outcome;
  for (const auto& path : paths)
    if (now.contains(pointer(path)))
      outcome.text += fmt::format("{}={}\n", path, plain(now.at(pointer(path))));
  return outcome;
}

void declare_set(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("set", "Changes what is around the modem: set signal.rsrp=-118");
  const auto change = std::make_shared<Change>();
  command
      ->add_option("PATH=VALUE", change->words,
                   "A member of a scenario's event, dots between names; JSON, or else a text")
      ->required();
  auto* const at = command
                       ->add_option("--at-time", change->at,
                                    "Not now but at this time: virtual seconds since start")
                       ->type_name("S");
  command->add_option("--after", change->after, "Not now but so many virtual seconds later")
      ->type_name("S")
      ->excludes(at);
  command->callback(
      [&action, change] { action = [change](Session& session) { return set(session, *change); }; });
}

json scenario_in(const std::string& path) {
  auto document = json_file(path, max_scenario_bytes);
  if (!document.is_object()) throw Failure(fmt::format("{}: is no JSON object", path));
  return document;
}

Outcome replace(Session& session, const json& document) {
  const auto answer = session.send("POST", session.path("/scenario"), document);
  if (session.json()) return {as_is(answer.body)};
  const auto told = parsed(answer);
  return {fmt::format("{} planned, {} dropped\n", plain(told.value("planned", json())),
                      plain(told.value("dropped", json())))};
}

Outcome drop(Session& session) {
  const auto answer = session.ask({.method = "DELETE", .target = session.path("/scenario")});
  if (session.json()) return {as_is(answer.body)};
  return {fmt::format("{} dropped\n", plain(parsed(answer).value("dropped", json())))};
}

void declare_scenario(CLI::App& app, Action& action) {
  struct Wanted {
    std::string path{};
    bool none = false;
  };
  auto* const command =
      app.add_subcommand("scenario", "Another scenario from now on, in place of what is planned");
  const auto wanted = std::make_shared<Wanted>();
  auto* const path = command->add_option("FILE", wanted->path, "As for --scenario of the modem")
                         ->type_name("FILE");
  command->add_flag("--none", wanted->none, "Nothing that is planned comes")->excludes(path);
  command->callback([&action, wanted] {
    action = [wanted](Session& session) {
      if (wanted->path.empty() && !wanted->none) throw Failure("scenario: give a FILE or --none");
      return wanted->none ? drop(session) : replace(session, scenario_in(wanted->path));
    };
  });
}

}  // namespace

void declare_surroundings_commands(CLI::App& app, Action& action) {
  declare_set(app, action);
  declare_scenario(app, action);
}

}  // namespace emulator::ctl
