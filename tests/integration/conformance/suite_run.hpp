// The conformance program as a test starts it.
#pragma once

#include "tests/support/emulator_process.hpp"

#include <optional>
#include <string>
#include <vector>

namespace support {

struct SuiteRun {
  std::optional<int> code;
  std::string out;
  std::string err;
};

/// How long a run may take, on a machine that does other things, too.
constexpr std::chrono::minutes suite_limit{15};

/// Ended by itself within `limit`, else killed (no code).
SuiteRun run_suite(const std::vector<std::string>& options,
                   std::chrono::milliseconds limit = suite_limit);

/// `PORT` of an emulator as the conformance program takes it.
std::string unit_port(const EmulatorProcess& emulator);

/// What an emulator without latency claims.
extern const std::string instant_profile;

}  // namespace support
