#include "tests/integration/conformance/suite_run.hpp"

#include "tests/support/places.hpp"

namespace support {

const std::string instant_profile = support::in_tree("conformance/profiles/eg91xq-instant.toml");

SuiteRun run_suite(const std::vector<std::string>& options, std::chrono::milliseconds limit) {
  std::vector<std::string> words{EG91XQ_CONFORMANCE};
  words.insert(words.end(), options.begin(), options.end());
  Program program(words, {{"CI", ""}});
  program.end_input();
  const auto code = program.end(limit);
  return {code, program.out(), program.err()};
}

std::string unit_port(const EmulatorProcess& emulator) {
  const auto port = emulator.port();
  return port.find('/') == std::string::npos ? "tcp:" + port : port;
}

}  // namespace support
