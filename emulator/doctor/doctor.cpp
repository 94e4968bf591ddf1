#include "emulator/doctor/doctor.hpp"

#include "command_line/process_start.hpp"
#include "emulator/descriptor_limit.hpp"
#include "emulator/doctor/check.hpp"
#include "emulator/fleet_options.hpp"
#include "emulator/log.hpp"
#include "pty/port_spec.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

namespace emulator::doctor {
namespace {

constexpr int exit_something_to_fix = 1;

constexpr const char* help =
    R"(Checks what this machine lacks for a modem, and says what to do about it
Usage: eg91xq doctor [--ppp] [OPTIONS OF eg91xq]

  --ppp   look at what data calls need, too

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

/// A reader that has left wants no more, which is no error.
int print(const std::string& text, int code) {
  if (command_line::print(text) || errno == EPIPE) return code;
  complain("cannot write to standard output: " + std::generic_category().message(errno),
           "eg91xq doctor");
  return exit_usage;
}

/// Takes what is the doctor's own out of the words.
bool take_ppp(std::vector<const char*>& words) {
  const auto own = [](const char* word) { return std::string_view(word) == "--ppp"; };
  return std::erase_if(words, own) > 0;
}

/// What the program would say to the options before it looks at the machine.
std::optional<std::string> complaint_about(const Options& options) {
  if (options.is_fleet)
    if (auto wrong = complaint_about_fleet(options)) return wrong;
  long stdio = 0;
  for (const auto& port : options_of(options, 0).ports) {
    const auto spec = pty::parse_port_spec(port);
    if (const auto* wrong = std::get_if<pty::SpecError>(&spec)) return wrong->text;
    stdio += std::holds_alternative<pty::StdioSpec>(std::get<pty::PortSpec>(spec)) ? 1 : 0;
  }
  if (stdio > 1) return "--port: stdio can be given once";
  return std::nullopt;
}

}  // namespace

int run(int argc, const char* const* argv) {
  if (wants_help(argc, argv)) return print(help, 0);
  std::vector<const char*> words(argv, argv + argc);
  const bool ppp = take_ppp(words);
  const auto parsed = parse_options(static_cast<int>(words.size()), words.data());
  if (const auto* exit = std::get_if<EarlyExit>(&parsed)) {
    if (exit->code == 0) return print(exit->text, 0);
    say_error(exit->text);
    return exit->code;
  }
  const auto& options = std::get<Options>(parsed);
  if (const auto wrong = complaint_about(options)) {
    complain(*wrong);
    return exit_usage;
  }
  raise_descriptor_limit();
  Findings findings;
  for (auto* const check :
       {check_ports, check_broker, check_network, check_descriptors, check_places})
    check(options, findings);
  if (ppp) check_ppp(findings);
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
