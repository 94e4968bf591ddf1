#include "emulator/ctl/command.hpp"
#include "emulator/ctl/value_text.hpp"

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

}  // namespace

void declare_program_commands(CLI::App& app, Action& action) {
  declare_health(app, action);
  declare_openapi(app, action);
}

}  // namespace emulator::ctl
