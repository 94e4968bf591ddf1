#include "emulator/doctor/doctor.hpp"

#include "command_line/process_start.hpp"
#include "emulator/doctor/check.hpp"
#include "emulator/log.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace emulator::doctor {
namespace {

constexpr int exit_something_to_fix = 1;

constexpr const char* help =
    R"(Checks what this machine lacks for a modem, and says what to do about it
Usage: eg91xq doctor [OPTIONS OF eg91xq]

With the options that the modem is to have (--port, --count, --state-dir, --control, ...) it looks
at what they need, too. It starts no modem, and opens no serial device.
Exit code: 0 nothing to fix, 1 something, 2 bad options.

Example:
  eg91xq doctor --port serial:/dev/ttyUSB0:115200
)";

constexpr std::string_view name_of(Finding::Verdict verdict) {
  switch (verdict) {
    case Finding::Verdict::good:
      return "ok";
    case Finding::Verdict::note:
      return "note";
    case Finding::Verdict::fix:
      return "fix";
  }
  return {};
}

bool wants_help(int argc, const char* const* argv) {
  return std::any_of(argv + 1, argv + argc,
                     [](const std::string_view word) { return word == "-h" || word == "--help"; });
}

int print(const std::string& text, int code) {
  return command_line::print(text) ? code : exit_usage;
}

}  // namespace

int run(int argc, const char* const* argv) {
  if (wants_help(argc, argv)) return print(help, 0);
  const auto parsed = parse_options(argc, argv);
  if (const auto* exit = std::get_if<EarlyExit>(&parsed)) {
    if (exit->code == 0) return print(exit->text, 0);
    say_error(exit->text);
    return exit->code;
  }
  const auto& options = std::get<Options>(parsed);
  Findings findings;
  for (auto* const check :
       {check_ports, check_broker, check_network, check_descriptors, check_places, check_ppp})
    check(options, findings);
  std::string text;
  for (const auto& [verdict, what] : findings)
    text += fmt::format("{:<5}{}\n", name_of(verdict), what);
  const auto to_fix = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.verdict == Finding::Verdict::fix;
  });
  text += to_fix == 0 ? "nothing to fix\n" : fmt::format("{} to fix\n", to_fix);
  return print(text, to_fix == 0 ? 0 : exit_something_to_fix);
}

}  // namespace emulator::doctor
