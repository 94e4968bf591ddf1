#include "emulator/ctl/command.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/ctl/state_text.hpp"
#include "emulator/ctl/value_text.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator::ctl {
namespace {

using nlohmann::json;

void declare_state(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("state", "Everything about the modem");
  command->callback([&action] {
    action = [](Session& session) -> Outcome {
      const auto answer = session.get(session.path());
      return {session.json() ? as_is(answer.body) : state_text(parsed(answer))};
    };
  });
}

struct Urc {
  std::string line{};
  std::string bytes_base64{};
  std::string when = "now";
  std::string channel{};
  std::optional<std::int64_t> n{};
};

Outcome say(Session& session, const Urc& urc) {
  if (urc.line.empty() == urc.bytes_base64.empty())
    throw Failure("urc: give either a LINE or --bytes-base64");
  json body{{"when", urc.when}};
  if (!urc.line.empty()) body["line"] = urc.line;
  if (!urc.bytes_base64.empty()) body["bytes_base64"] = urc.bytes_base64;
  if (!urc.channel.empty()) body["channel"] = urc.channel;
  if (urc.n) body["n"] = *urc.n;
  const auto answer = session.send("POST", session.path("/urc"), body);
  if (session.json()) return {as_is(answer.body)};
  return {fmt::format("event {}\n", plain(parsed(answer).value("seq", json())))};
}

void declare_urc(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("urc", "The modem says a line, where it hurts");
  const auto urc = std::make_shared<Urc>();
  command->add_option("LINE", urc->line, "What it says, without CR LF");
  command
      ->add_option("--when", urc->when,
                   "now waits until the channel is idle; the others break in at the next answer")
      ->check(CLI::IsMember({"now", "before-echo", "between-echo-and-reply", "inside-reply",
                             "glued-to-result", "in-prompt", "after-byte"}))
      ->type_name("PLACE")
      ->capture_default_str();
  command->add_option("--n", urc->n, "Behind which line (inside-reply) or byte (after-byte)")
      ->type_name("N");
  command->add_option("--channel", urc->channel, "Where; the first channel unless told")
      ->type_name("NAME");
  command->add_option("--bytes-base64", urc->bytes_base64, "Raw bytes in place of a line")
      ->type_name("BASE64");
  command->callback(
      [&action, urc] { action = [urc](Session& session) { return say(session, *urc); }; });
}

void declare_power(CLI::App& app, Action& action) {
  struct Power {
    std::string action;
    std::optional<int> hold_ms;
  };
  auto* const command = app.add_subcommand("power", "Switches the modem on or off, or resets it");
  const auto power = std::make_shared<Power>();
  command->add_option("ACTION", power->action, "What happens to it")
      ->check(CLI::IsMember({"on", "off", "reset", "brownout", "key"}))
      ->required();
  command->add_option("--hold-ms", power->hold_ms, "How long the key is held; 800 unless told")
      ->type_name("MS");
  command->callback([&action, power] {
    action = [power](Session& session) -> Outcome {
      json body{{"action", power->action}};
      if (power->hold_ms) body["hold_ms"] = *power->hold_ms;
      const auto answer = session.send("POST", session.path("/power"), body);
      if (session.json()) return {as_is(answer.body)};
      return {fmt::format("power {}\n", plain(parsed(answer).value("power", json())))};
    };
  });
}

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

Outcome set(Session& session, const std::vector<std::string>& words) {
  json patch = json::object();
  std::vector<std::string> paths;
  for (const auto& word : words) {
    auto [path, value] = assignment(word);
    put(patch, path, std::move(value));
    paths.push_back(path);
  }
  const auto answer = session.send("PATCH", session.path("/surroundings"), patch);
  if (session.json()) return {as_is(answer.body)};
  const auto now = parsed(answer);
  Outcome outcome;
  for (const auto& path : paths)
    if (now.contains(pointer(path)))
      outcome.text += fmt::format("{}={}\n", path, plain(now.at(pointer(path))));
  return outcome;
}

void declare_set(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("set", "Changes what is around the modem: set signal.rsrp=-118");
  const auto words = std::make_shared<std::vector<std::string>>();
  command
      ->add_option("PATH=VALUE", *words,
                   "A member of a scenario's event, dots between names; JSON, or else a text")
      ->required();
  command->callback(
      [&action, words] { action = [words](Session& session) { return set(session, *words); }; });
}

}  // namespace

void declare_modem_commands(CLI::App& app, Action& action) {
  declare_state(app, action);
  declare_urc(app, action);
  declare_power(app, action);
  declare_set(app, action);
}

}  // namespace emulator::ctl
