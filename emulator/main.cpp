#include "emulator/describe.hpp"
#include "emulator/emulator.hpp"
#include "emulator/module/command_set.hpp"
#include "emulator/options.hpp"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

int main(int argc, char** argv) {
  mqtt_backend::unset_paho_environment();
  auto parsed = emulator::parse_options(argc, argv);
  if (const auto* exit = std::get_if<emulator::EarlyExit>(&parsed)) {
    fmt::print(exit->code == 0 ? stdout : stderr, "{}", exit->text);
    return exit->code;
  }
  auto& options = std::get<emulator::Options>(parsed);
  emulator::start_log(options.log_level);
  if (options.describe) {
    fmt::print("{}", emulator::describe(emulator::command_set(options.knobs)));
    return 0;
  }
  emulator::Emulator program(std::move(options));
  const int code = program.run();
  // Everything outside is closed by now; destroying the MQTT library's threads would cost 200 ms.
  std::fflush(nullptr);
  std::_Exit(code);
}
