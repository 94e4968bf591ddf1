// A modem, a host and six brokers in virtual time, all from one seed: the same seed gives the same
// bytes. After each event the host reads every byte and the invariants are checked.
#pragma once

#include "tests/sim/dice.hpp"
#include "tests/sim/tape.hpp"
#include "tests/sim/troubles.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace sim {

struct SimResult {
  std::uint64_t seed = 0;
  std::string problem{};  // empty: everything held
  std::uint64_t events = 0;
  std::uint64_t commands = 0;
  std::uint64_t operations = 0;  // that came to a result
  std::uint64_t hash = 0;        // of every byte that the modem said
  double days = 0;               // virtual
  FaultCounts faults{};
  SlipCounts slips{};
  TurnCounts turns{};
  std::vector<std::string> session{};  // the last lines, when recorded
};

/// One session of `duration` virtual time, or up to its first problem. When there is one, the run
/// is repeated with a record of its last lines; `events` is then the shortest failing prefix.
SimResult run(std::uint64_t seed, at::Duration duration);

/// The steps of the session that run() has for the seed, up to its problem.
Tape record(std::uint64_t seed, at::Duration duration);

/// A session of these steps alone; `keeps_lines`: with a record of its last lines.
SimResult play(std::uint64_t seed, const Tape& tape, at::Duration duration, bool keeps_lines);

/// What to print of a failed run.
std::string report(const SimResult& result);

}  // namespace sim
