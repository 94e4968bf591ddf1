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

}  // namespace

void declare_modem_commands(CLI::App& app, Action& action) {
  declare_state(app, action);
  declare_urc(app, action);
  declare_power(app, action);
}

}  // namespace emulator::ctl
