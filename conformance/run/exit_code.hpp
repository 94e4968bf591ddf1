// What the end of the program says about the unit.
#pragma once

#include "conformance/run/verdict.hpp"

namespace conformance {

constexpr int all_passed = 0;
constexpr int something_failed = 1;
constexpr int bad_usage = 2;  // also when the brokers cannot be had, or output cannot be written
constexpr int not_judged = 3;

/// One case that failed makes it something_failed. Else, one that was inconclusive or not run, or
/// that none passed, makes it not_judged. Cases that do not apply count as nothing.
int exit_code(const RunResult& run);

}  // namespace conformance
