// The command line of eg91xq-conformance.
#pragma once

#include "conformance/run/bench.hpp"
#include "conformance/run/port_spec.hpp"
#include "conformance/run/profile.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace conformance {

struct Options {
  std::optional<PortSpec> port;
  std::string port_text;
  std::optional<PortSpec> other;  // --diff: the second unit
  std::string other_text;
  std::string through;           // --record: where the host comes
  std::filesystem::path record;  // file to write
  std::filesystem::path diff;    // case file to play on both
  Addresses addresses;
  Profile profile;
  std::filesystem::path data;  // statements.csv, limits.csv, cases/
  std::vector<std::string> filters;
  bool list = false;
  bool stop_at_first_failure = false;
  bool quiet = false;
  bool tap = false;
  std::optional<unsigned> shuffle;
  double timeout_scale = 1;
  std::filesystem::path junit;
  std::filesystem::path report;
};

/// The options, or the exit code of a program that has nothing more to do; what there is to say
/// about that is said.
std::variant<Options, int> parse_options(int argc, char** argv);

}  // namespace conformance
