#include "emulator/ctl/command.hpp"
#include "emulator/ctl/completion.hpp"
#include "emulator/ctl/value_text.hpp"
#include "emulator/fota_package/fota_package.hpp"

#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

namespace emulator::ctl {
namespace {

void declare_health(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("health", "Whether the modem can be used; exit code 1 while it cannot");
  command->callback([&action] {
    action = [](Session& session) -> Outcome {
      const auto answer = session.ask({.target = "/v1/health"}, {503});
      const int code = answer.status == 503 ? exit_not_as_expected : exit_done;
      if (session.json()) return {as_is(answer.body), code};
      return {code == exit_done ? "ready\n" : "not ready\n", code};
    };
  });
}

void declare_openapi(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("openapi", "The control interface as OpenAPI 3.1, JSON");
  command->callback([&action] {
    action = [](Session& session) -> Outcome {
      return {as_is(session.get("/v1/openapi.json").body)};
    };
  });
}

/// Those of the client, and of what else the program can be told by its first word.
std::vector<CompletedPlace> all_places(const CLI::App& ctl) {
  auto places = completed_places(ctl, "ctl");
  CLI::App package;
  fota_package::Settings settings;
  fota_package::declare(package, settings);
  for (auto& place : completed_places(package, fota_package::name))
    places.push_back(std::move(place));
  return places;
}

void declare_completion(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("completion", "A script by which a shell completes these commands");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "Which shell reads it")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->required();
  command->callback([&app, &action, shell] {
    action = [&app, shell](Session&) -> Outcome {
      const auto places = all_places(app);
      if (*shell == "bash") return {bash_completion(places)};
      return {*shell == "zsh" ? zsh_completion(places) : fish_completion(places)};
    };
  });
}

}  // namespace

void declare_program_commands(CLI::App& app, Action& action) {
  declare_health(app, action);
  declare_openapi(app, action);
  declare_completion(app, action);
}

}  // namespace emulator::ctl
