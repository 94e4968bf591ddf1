// One run of the suite as the user asked for it: cases played, progress and verdicts on the
// console, reports written.
#pragma once

#include "conformance/options.hpp"
#include "conformance/run/suite.hpp"

namespace conformance {

/// The exit code. Throws std::runtime_error when the brokers cannot be had or a report cannot be
/// written.
int judge(const Options& options, const Catalogue& catalogue, const std::vector<SuiteCase>& cases);

}  // namespace conformance
