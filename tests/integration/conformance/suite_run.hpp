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

/// Ended by itself within `limit`, else killed (no code).
SuiteRun run_suite(const std::vector<std::string>& options,
                   std::chrono::milliseconds limit = std::chrono::minutes(10));

/// `PORT` of an emulator as the conformance program takes it.
std::string unit_port(const EmulatorProcess& emulator);

/// What an emulator without latency claims.
extern const std::string instant_profile;

}  // namespace support
