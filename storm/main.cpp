// eg91xq-storm: a scripted host for each modem of a fleet, so that brokers can be tested by modems.
#include "command_line/one_line.hpp"
#include "command_line/process_start.hpp"
#include "storm/options.hpp"

#include <sys/resource.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <system_error>

#include <fmt/format.h>

namespace storm {
namespace {

void say(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

int refuse(const std::string& what) {
  say(fmt::format("eg91xq-storm: {}\n", command_line::one_line(what)));
  return exit_usage;
}

/// A port each: the usual 1024 descriptors are not enough for a thousand modems.
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int early_exit(const EarlyExit& exit) {
  if (exit.code != exit_well) {
    say(exit.text);
    return exit.code;
  }
  // A reader that has left wants no more, which is no error.
  if (command_line::print(exit.text) || errno == EPIPE) return exit_well;
  return refuse("cannot write to standard output: " + std::generic_category().message(errno));
}

/// False: somebody will not see it.
bool put_reports(const Options& options, const Fleet& fleet, const Course& course,
                 std::ofstream& file) {
  const auto text = report_text(fleet.plan(), fleet.tally(), course);
  if (options.json.empty()) return command_line::print(text);
  const auto json = report_json(fleet.plan(), fleet.tally(), course);
  if (options.json == "-") {
    say(text);
    return command_line::print(json);
  }
  file << json << std::flush;
  return command_line::print(text) && file.good();
}

int run(int argc, char** argv) {
  auto parsed = parse_options(argc, argv);
  if (const auto* exit = std::get_if<EarlyExit>(&parsed)) return early_exit(*exit);
  auto& options = std::get<Options>(parsed);
  std::ofstream file;
  // Before the run, which would be for nothing.
  if (!options.json.empty() && options.json != "-") {
    file.open(options.json, std::ios::binary | std::ios::trunc);
    if (!file) return refuse(options.json + ": cannot be written");
  }
  raise_file_limit();
  Fleet fleet(std::move(options.fleet));
  const auto course = fleet.run();
  if (!put_reports(options, fleet, course, file)) return refuse("the report could not be written");
  return is_well(fleet.plan(), fleet.tally(), course) ? exit_well : exit_trouble;
}

}  // namespace
}  // namespace storm

int main(int argc, char** argv) {
  command_line::prepare_process();
  try {
    return storm::run(argc, argv);
  } catch (const std::exception& error) {
    return storm::refuse(error.what());
  }
}
