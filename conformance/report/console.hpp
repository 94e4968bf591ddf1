// What the person at the terminal sees: a line a case, then what failed and how the statements
// stand.
#pragma once

#include "conformance/run/catalogue.hpp"
#include "conformance/run/verdict.hpp"

#include <string>

namespace conformance {

/// `pass  3.3.8 title  0.42 s`, with what differs below it for a failure.
std::string case_line(const CaseResult& result, std::size_t done, std::size_t all);

/// A table of clauses by verdicts, failed statements with their texts, timings, totals.
std::string summary(const RunResult& run, const Catalogue& catalogue);

std::string tap(const RunResult& run);

}  // namespace conformance
