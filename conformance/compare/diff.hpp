// Plays one case file against two units and shows where they first differ, in bytes or in time,
// case by case and statement by statement.
#pragma once

#include "conformance/options.hpp"
#include "conformance/run/suite.hpp"

#include <optional>
#include <string>
#include <vector>

namespace conformance {

/// What was said between one turn of the host and the next.
struct Turn {
  int line = 0;
  std::string host;                   // escaped
  std::string unit;                   // escaped, without what was set aside
  std::chrono::microseconds took{0};  // to the last byte of the unit
};

std::vector<Turn> turns_of(const CaseResult& result);

struct TurnDifference {
  Turn a;
  Turn b;
  bool in_time = false;  // the bytes are alike
};

/// The first turn that differs; times only by more than `tolerance`.
std::optional<TurnDifference> first_difference(const std::vector<Turn>& a,
                                               const std::vector<Turn>& b,
                                               std::chrono::microseconds tolerance);

/// 0 when the units are alike, 1 when not. Throws std::runtime_error.
int diff(const Options& options, const Catalogue& catalogue);

}  // namespace conformance
