#include "emulator/ctl/command.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/ctl/json_file.hpp"
#include "emulator/ctl/value_text.hpp"
#include "emulator/faults/fault_type.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator::ctl {
namespace {

using nlohmann::json;

std::string path_of(const Session& session, const std::string& fault) {
  return session.path("/faults/" + percent_encoded(fault));
}

struct NewFault {
  std::string name;
  std::string type;
  std::vector<std::string> params;
  std::optional<std::string> command;
  std::optional<std::int64_t> client;
  std::optional<std::string> topic;
  std::optional<std::string> state;
  std::optional<std::int64_t> nth;
  std::optional<std::int64_t> every;
  std::optional<double> probability;
  std::optional<double> from;
  std::optional<double> to;
  std::optional<std::int64_t> count;
  std::optional<std::int64_t> seed;
};

template <class Value>
void put(json& object, const char* member, const std::optional<Value>& value) {
  if (value) object[member] = *value;
}

json to_json(const NewFault& fault) {
  json when = json::object();
  put(when, "command", fault.command);
  put(when, "client", fault.client);
  put(when, "topic", fault.topic);
  put(when, "state", fault.state);
  put(when, "nth", fault.nth);
  put(when, "every", fault.every);
  put(when, "probability", fault.probability);
  put(when, "from", fault.from);
  put(when, "to", fault.to);
  json params = json::object();
  for (const auto& word : fault.params) {
    auto [name, value] = assignment(word);
    if (params.contains(name)) throw Failure(fmt::format("{}: is given twice", name));
    params[name] = std::move(value);
  }
  json body{{"name", fault.name}, {"type", fault.type}};
  if (!when.empty()) body["when"] = when;
  if (!params.empty()) body["params"] = params;
  put(body, "count", fault.count);
  put(body, "seed", fault.seed);
  return body;
}

void declare_conditions(CLI::App& command, NewFault& fault) {
  command.add_option("--command", fault.command, "At a command that this is found in, without AT")
      ->type_name("RE");
  command.add_option("--client", fault.client, "At a command about this client")->type_name("N");
  command.add_option("--topic", fault.topic, "At a command about such a topic")
      ->type_name("FILTER");
  command.add_option("--state", fault.state, "While the command's client is in this state")
      ->type_name("STATE");
  command.add_option("--nth", fault.nth, "Of what is left, the n-th time only")->type_name("N");
  command.add_option("--every", fault.every, "Of what is left, every n-th time")->type_name("N");
  command.add_option("--probability", fault.probability, "Of what is left, so many (0 to 1)")
      ->type_name("P");
  command.add_option("--from", fault.from, "Not before this virtual second")->type_name("S");
  command.add_option("--to", fault.to, "Not after this virtual second")->type_name("S");
  command.add_option("--count", fault.count, "How often at most")->type_name("N");
  command.add_option("--seed", fault.seed, "What chance draws from")->type_name("N");
}

void declare_add(CLI::App& app, Action& action) {
  std::vector<std::string> types;
  for (const auto& type : faults::all_types()) types.emplace_back(type.name);
  auto* const command = app.add_subcommand("add", "Sets a fault");
  const auto fault = std::make_shared<NewFault>();
  command->add_option("NAME", fault->name, "What it is called")->required();
  command->add_option("TYPE", fault->type, "What goes wrong; 'fault types' explains")
      ->check(CLI::IsMember(types))
      ->required();
  command->add_option("PARAM=VALUE", fault->params, "As the type says");
  declare_conditions(*command, *fault);
  command->callback([&action, fault] {
    action = [fault](Session& session) -> Outcome {
      const auto answer = session.send("POST", session.path("/faults"), to_json(*fault));
      if (session.json()) return {as_is(answer.body)};
      return {fmt::format("fault {}\n", fault->name)};
    };
  });
}

std::string list_text(const json& faults) {
  if (faults.empty()) return "no faults\n";
  std::vector<std::vector<std::string>> rows{
      {"NAME", "TYPE", "APPLIED", "COUNT", "PARAMETERS", "WHEN"}};
  for (const auto& fault : faults)
    rows.push_back({fault.value("name", ""), fault.value("type", ""),
                    plain(fault.value("applied", json(0))), plain(fault.value("count", json("-"))),
                    pairs(fault.value("params", json::object())),
                    pairs(fault.value("when", json::object()))});
  return table(rows);
}

void declare_list(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("list", "The faults that are set, and how often each acted");
  command->callback([&action] {
    action = [](Session& session) -> Outcome {
      const auto answer = session.get(session.path("/faults"));
      if (session.json()) return {as_is(answer.body)};
      return {list_text(parsed(answer).value("faults", json::array()))};
    };
  });
}

std::string types_text(const json& types) {
  std::string text;
  for (const auto& type : types) {
    text += fmt::format("{}: {}\n", type.value("name", ""), type.value("about", ""));
    for (const auto& param : type.value("params", json::array())) {
      text += fmt::format("    {}: {}; {}", param.value("name", ""), param.value("about", ""),
                          param.value("allowed", ""));
      if (param.contains("default"))
        text += fmt::format("; {} unless told", plain(param["default"]));
      else if (!param.value("required", true))
        text += "; may be left out";
      text += '\n';
    }
  }
  return text;
}

void declare_types(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("types", "What can go wrong, with parameters and ranges");
  command->callback([&action] {
    action = [](Session& session) -> Outcome {
      const auto answer = session.get("/v1/faults");
      if (session.json()) return {as_is(answer.body)};
      return {types_text(parsed(answer).value("types", json::array()))};
    };
  });
}

void declare_rm(CLI::App& app, Action& action) {
  struct Removal {
    std::string name;
    bool all = false;
  };
  auto* const command = app.add_subcommand("rm", "Removes a fault");
  const auto removal = std::make_shared<Removal>();
  auto* const name = command->add_option("NAME", removal->name, "Which one");
  command->add_flag("--all", removal->all, "All of them")->excludes(name);
  command->callback([&action, removal] {
    action = [removal](Session& session) -> Outcome {
      if (removal->name.empty() && !removal->all) throw Failure("fault rm: give a NAME or --all");
      const auto path = removal->all ? session.path("/faults") : path_of(session, removal->name);
      session.ask({.method = "DELETE", .target = path});
      return {};
    };
  });
}

json faults_in(const std::string& path) {
  auto list = json_file(path);
  if (list.is_object()) list = json::array({list});
  if (!list.is_array()) throw Failure(fmt::format("{}: is no JSON list of faults", path));
  return list;
}

/// All or none: what is set already goes when one is refused.
json set_all(Session& session, const std::string& path, const json& faults) {
  auto set = json::array();
  for (const auto& fault : faults) {
    try {
      set.push_back(parsed(session.send("POST", session.path("/faults"), fault)));
    } catch (const Failure& failure) {
      for (const auto& each : set)
        session.ask({.method = "DELETE", .target = path_of(session, each.value("name", ""))},
                    {404});
      throw Failure(fmt::format("{}: fault {}: {}", path, set.size() + 1, failure.what()));
    }
  }
  return set;
}

void declare_load(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("load", "Sets the faults of a file, all or none");
  const auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "A JSON list, as for --faults of the modem")
      ->type_name("FILE")
      ->required();
  command->callback([&action, path] {
    action = [path](Session& session) -> Outcome {
      const auto set = set_all(session, *path, faults_in(*path));
      if (session.json()) return {as_is(json{{"faults", set}}.dump())};
      Outcome outcome;
      for (const auto& fault : set)
        outcome.text += fmt::format("fault {}\n", fault.value("name", ""));
      return outcome;
    };
  });
}

}  // namespace

void declare_fault_commands(CLI::App& app, Action& action) {
  auto* const fault = app.add_subcommand("fault", "What shall go wrong, when and how often");
  fault->require_subcommand(1);
  declare_add(*fault, action);
  declare_list(*fault, action);
  declare_types(*fault, action);
  declare_rm(*fault, action);
  declare_load(*fault, action);
}

}  // namespace emulator::ctl
