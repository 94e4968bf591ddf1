// A command of `eg91xq ctl`: declares itself to CLI11, and leaves its action when it is the one
// that was given. Implemented by the commands_*.cpp, used by run().
#pragma once

#include "emulator/ctl/session.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace emulator::ctl {

constexpr int exit_done = 0;
constexpr int exit_not_as_expected = 1;

struct Outcome {
  std::string text{};  // for standard output
  int code = exit_done;
};

using Action = std::function<Outcome(Session&)>;

/// urc, power, state.
void declare_modem_commands(CLI::App& app, Action& action);
/// set, scenario.
void declare_surroundings_commands(CLI::App& app, Action& action);
/// sms, inject, send, channel add, rm.
void declare_traffic_commands(CLI::App& app, Action& action);
/// fault add, list, types, rm, load.
void declare_fault_commands(CLI::App& app, Action& action);
/// journal, expect.
void declare_journal_commands(CLI::App& app, Action& action);
/// time scale, pause, go, skip, no-skip, advance.
void declare_time_commands(CLI::App& app, Action& action);
/// snapshot save, load.
void declare_snapshot_commands(CLI::App& app, Action& action);
/// health, openapi.
void declare_program_commands(CLI::App& app, Action& action);

}  // namespace emulator::ctl
