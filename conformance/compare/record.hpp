// Sits between a host and a unit: bytes pass both ways untouched, and the session becomes a case
// file when the host leaves, the unit goes, or the user interrupts.
#pragma once

#include "conformance/options.hpp"

namespace conformance {

/// The exit code. Throws std::runtime_error when a port or the file cannot be had.
int record(const Options& options);

}  // namespace conformance
