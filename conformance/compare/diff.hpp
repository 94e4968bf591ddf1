// Plays one case file against two units and shows where they first differ, in bytes or in time,
// case by case and statement by statement.
#pragma once

#include "conformance/run/suite.hpp"

#include <optional>
#include <string>
#include <vector>

namespace conformance {

struct Comparison {
  PortSpec one;
  PortSpec other;
  std::string one_name;  // as the user wrote it
  std::string other_name;
  std::filesystem::path cases;  // a file, or a folder of them
  Addresses addresses;
  Profile profile;           // of both
  double timeout_scale = 1;  // for every limit and tolerance
};

/// What was said between one turn of the host and the next.
struct Turn {
  int line = 0;
  std::string host;  // escaped
  std::string unit;  // escaped, without what was set aside
  /// To the last byte of the unit, without what the peer's acts took.
  std::chrono::microseconds took{0};
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
int diff(const Comparison& wanted, const Catalogue& catalogue);

}  // namespace conformance
