#include "emulator/ctl/ctl.hpp"

#include "command_line/nearest_option.hpp"
#include "command_line/process_start.hpp"
#include "emulator/ctl/command.hpp"
#include "emulator/log.hpp"
#include "emulator/options.hpp"

#include <cerrno>
#include <exception>
#include <sstream>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator::ctl {
namespace {

constexpr const char* footer = R"(
Without --at and --ready-file it is the modem at MODEM_CONTROL, else the only one that runs with
--control. Exit code: 0 done, 1 not as expected, 2 bad usage, no modem, or refused.

Examples:
  eg91xq ctl fault add slow reply-delay ms=700 --command '^\+QMTPUBEX' --count 2
  eg91xq ctl urc '+QIND: "X"' --when glued-to-result
  eg91xq ctl set signal.rsrp=-118
  eg91xq ctl expect 'command:line=^\+QMTPUBEX=0' --within 5 --none lint
  eg91xq ctl journal -f --kind command,result,urc
  eg91xq ctl time skip)";

void declare(CLI::App& app, Settings& settings, Action& action) {
  auto& finding = settings.finding;
  // Options of ctl may stand behind its commands, too.
  app.fallthrough();
  app.require_subcommand(1);
  auto* const at =
      app.add_option("--at", finding.at, "Where the modem's control interface is served")
          ->type_name("http://HOST:PORT|unix:PATH");
  app.add_option("--ready-file", finding.ready_file, "The modem that wrote this file")
      ->type_name("FILE")
      ->excludes(at);
  app.add_option("--token", finding.token_file,
                 "Its --control-token; else the file that MODEM_CONTROL_TOKEN names")
      ->type_name("FILE");
  app.add_option("--modem", settings.modem, "Which modem of the program")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_flag("--json", settings.json, "Print what the modem answers as it is");
  app.footer(footer);
  declare_modem_commands(app, action);
  declare_surroundings_commands(app, action);
  declare_traffic_commands(app, action);
  declare_fault_commands(app, action);
  declare_journal_commands(app, action);
  declare_time_commands(app, action);
  declare_snapshot_commands(app, action);
  declare_program_commands(app, action);
}

int refuse(const std::string& what) {
  complain(what, "eg91xq ctl");
  return exit_usage;
}

/// A reader that has left wants no more, which is no error.
int print(const std::string& text, int code) {
  if (text.empty() || command_line::print(text) || errno == EPIPE) return code;
  return refuse(
      fmt::format("cannot write to standard output: {}", std::generic_category().message(errno)));
}

std::string complaint(const CLI::App& app, const CLI::ParseError& error) {
  const auto rest = app.remaining();
  if (!app.get_subcommands().empty() || (!rest.empty() && rest.front().starts_with('-')))
    return command_line::complaint(app, error);
  return rest.empty() ? fmt::format("{}; --help lists the commands", error.what())
                      : fmt::format("{}: there is no such command", rest.front());
}

}  // namespace

int run(int argc, const char* const* argv) {
  CLI::App app{"Looks at a modem that runs with --control, and breaks it", "eg91xq ctl"};
  Settings settings;
  Action action;
  try {
    declare(app, settings, action);
    app.parse(argc, argv);
    Session session(settings);
    const auto outcome = action(session);
    return print(outcome.text, outcome.code);
  } catch (const CLI::Success& done) {
    std::ostringstream out;
    app.exit(done, out, out);
    return print(out.str(), exit_done);
  } catch (const CLI::ParseError& error) {
    return refuse(complaint(app, error));
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}

std::vector<command_line::CompletedPlace> completed_places() {
  CLI::App app;
  Settings settings;
  Action action;
  declare(app, settings, action);
  return command_line::completed_places(app, "eg91xq ctl");
}

}  // namespace emulator::ctl
