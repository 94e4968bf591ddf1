#include "emulator/ctl/command.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/ctl/json_file.hpp"
#include "emulator/stores/whole_file.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator::ctl {
namespace {

Outcome save(Session& session, const std::string& path) {
  const auto answer = session.get(session.path("/snapshot"));
  if (const auto wrong = write_whole_file(path, answer.body + '\n'))
    throw Failure(fmt::format("{}: cannot be written: {}", path, *wrong));
  return {};
}

Outcome load(Session& session, const std::string& path) {
  session.send("PUT", session.path("/snapshot"), json_file(path));
  return {};
}

void declare(CLI::App& snapshot, Action& action, const char* name, const char* about,
             Outcome (*act)(Session&, const std::string&)) {
  auto* const command = snapshot.add_subcommand(name, about);
  const auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "Where it is")->type_name("FILE")->required();
  command->callback([&action, act, path] {
    action = [act, path](Session& session) { return act(session, *path); };
  });
}

}  // namespace

void declare_snapshot_commands(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("snapshot", "Takes a modem at rest down, and makes one as it was");
  command->require_subcommand(1);
  declare(*command, action, "save", "Writes the modem at rest into a file", save);
  declare(*command, action, "load", "Makes the modem as a file says", load);
}

}  // namespace emulator::ctl
