// The command line of eg91xq-conformance.
#pragma once

#include "conformance/compare/diff.hpp"
#include "conformance/compare/record.hpp"
#include "conformance/run/bench.hpp"
#include "conformance/run/port_spec.hpp"
#include "conformance/run/profile.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace conformance {

struct Options {
  PortSpec port;  // of no unit with `list`
  std::string port_text;
  std::optional<Recording> recording;    // to be made, instead of a run
  std::optional<Comparison> comparison;  // likewise
  Addresses addresses;
  Profile profile;
  std::filesystem::path data;  // statements.csv, limits.csv, cases/
  std::vector<std::string> filters;
  bool list = false;
  bool stop_at_first_failure = false;
  bool quiet = false;
  bool tap = false;
  bool quick = false;  // limits that the unit keeps missing are not waited out
  std::optional<std::chrono::duration<double>> max_time;
  std::optional<unsigned> shuffle;
  double timeout_scale = 1;
  std::filesystem::path junit;
  std::filesystem::path report;
};

/// The options, or the exit code of a program that has nothing more to do; what there is to say
/// about that is said.
std::variant<Options, int> parse_options(int argc, char** argv);

/// One line on standard error, if that can be had.
void complain(const std::string& what);

}  // namespace conformance
