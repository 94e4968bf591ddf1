#include "command_line/process_start.hpp"
#include "emulator/describe.hpp"
#include "emulator/emulator.hpp"
#include "emulator/faults/describe.hpp"
#include "emulator/first_word.hpp"
#include "emulator/log.hpp"
#include "emulator/module/command_set.hpp"
#include "emulator/options.hpp"

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <system_error>

#include <fmt/format.h>

namespace {

int print_out(const std::string& text) {
  // A reader that has left wants no more, which is no error.
  if (command_line::print(text) || errno == EPIPE) return 0;
  emulator::complain("cannot write to standard output: " + std::generic_category().message(errno));
  return emulator::exit_usage;
}

int run(int argc, char** argv, emulator::Child::Environment set_aside) {
  for (const auto& first : emulator::first_words())
    if (argc > 1 && argv[1] == first.word) return first.run(argc - 1, argv + 1);
  auto parsed = emulator::parse_options(argc, argv);
  if (const auto* exit = std::get_if<emulator::EarlyExit>(&parsed)) {
    if (exit->code == 0) return print_out(exit->text);
    emulator::say_error(exit->text);
    return exit->code;
  }
  auto& options = std::get<emulator::Options>(parsed);
  emulator::start_log(options.log_level);
  if (options.describe) return print_out(emulator::describe(emulator::command_set(options.knobs)));
  if (options.describe_faults) return print_out(emulator::faults::describe());
  emulator::Emulator program(std::move(options), std::move(set_aside));
  const int code = program.run();
  // Everything outside is closed by now; destroying the MQTT library's threads would cost 200 ms.
  emulator::flush_log();
  std::_Exit(code);
}

int fail(const char* what) {
  emulator::complain(fmt::format("cannot start: {}", what));
  return emulator::exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
  int code = 0;
  try {
    command_line::prepare_process();
    code = run(argc, argv, mqtt_backend::unset_paho_environment());
  } catch (const std::exception& error) {
    code = fail(error.what());
  } catch (...) {
    code = fail("an exception without a description");
  }
  emulator::flush_log();
  return code;
}
