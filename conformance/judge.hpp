// One run of the suite as the user asked for it: cases played, progress and verdicts on the
// console, reports written.
#pragma once

#include "conformance/options.hpp"
#include "conformance/run/suite.hpp"

namespace conformance {

/// The exit code. Throws std::runtime_error when the brokers cannot be had, and when a report
/// cannot be written: if possible before the run, else when all others are.
int judge(const Options& options, const Catalogue& catalogue, const std::vector<SuiteCase>& cases);

}  // namespace conformance
