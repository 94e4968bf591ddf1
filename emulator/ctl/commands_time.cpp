#include "emulator/ctl/command.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/ctl/state_text.hpp"
#include "emulator/ctl/value_text.hpp"

#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator::ctl {
namespace {

using nlohmann::json;

Outcome shown(const Session& session, const Response& answer) {
  if (session.json()) return {as_is(answer.body)};
  return {time_text(parsed(answer)) + '\n'};
}

Outcome change(Session& session, const json& wanted) {
  return shown(session, session.send("PATCH", "/v1/time", wanted));
}

Outcome advance(Session& session, const json& body) {
  const auto answer = session.ask(
      {.method = "POST", .target = "/v1/time/advance", .body = body.dump(), .may_last = true},
      {408});
  auto outcome = shown(session, answer);
  if (answer.status == 408) outcome.code = exit_not_as_expected;
  return outcome;
}

void declare_switch(CLI::App& time, Action& action, const std::string& name,
                    const std::string& about, json wanted) {
  time.add_subcommand(name, about)->callback([&action, wanted = std::move(wanted)] {
    action = [wanted](Session& session) { return change(session, wanted); };
  });
}

void declare_scale(CLI::App& time, Action& action) {
  auto* const command = time.add_subcommand("scale", "How fast it goes");
  const auto scale = std::make_shared<double>();
  command->add_option("X", *scale, "Virtual seconds in a real one")->required();
  command->callback([&action, scale] {
    action = [scale](Session& session) { return change(session, {{"scale", *scale}}); };
  });
}

void declare_advance(CLI::App& time, Action& action) {
  auto* const command =
      time.add_subcommand("advance", "While it is paused, lets it go on, and waits for that");
  const auto by = std::make_shared<std::string>();
  command->add_option("S|idle", *by, "Virtual seconds, or idle: until nothing is left to come")
      ->required();
  command->callback([&action, by] {
    action = [by](Session& session) {
      if (*by == "idle") return advance(session, {{"until", *by}});
      const auto seconds = value_of(*by);
      if (!seconds.is_number())
        throw Failure(fmt::format("{}: must be a number of seconds, or idle", *by));
      return advance(session, {{"by", seconds}});
    };
  });
}

}  // namespace

void declare_time_commands(CLI::App& app, Action& action) {
  auto* const time =
      app.add_subcommand("time", "The clock of all modems of the program: now, or a change of it");
  time->require_subcommand(0, 1);
  // Of a command behind it, the action comes first.
  time->callback([&action] {
    if (!action) action = [](Session& session) { return shown(session, session.get("/v1/time")); };
  });
  declare_scale(*time, action);
  declare_switch(*time, action, "pause", "The clock stands", {{"paused", true}});
  declare_switch(*time, action, "go", "It goes on", {{"paused", false}});
  declare_switch(*time, action, "skip", "It leaps over times when nothing goes on",
                 {{"skip", true}});
  declare_switch(*time, action, "no-skip", "It does not", {{"skip", false}});
  declare_advance(*time, action);
}

}  // namespace emulator::ctl
