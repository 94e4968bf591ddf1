// Sits between a host and a unit: bytes pass both ways untouched, and the session becomes a case
// file when the host leaves, the unit goes, or the user interrupts.
#pragma once

#include "conformance/run/port_spec.hpp"

#include <filesystem>
#include <string>

namespace conformance {

struct Recording {
  PortSpec unit;
  std::string unit_name;       // as the user wrote it
  std::string through;         // where the host comes: `pty[:LINK]` or `tcp:[HOST:]PORT`
  std::filesystem::path file;  // to write
};

/// The exit code. Throws std::runtime_error when a port cannot be had or the file not be written;
/// if possible before anything is heard.
int record(const Recording& wanted);

}  // namespace conformance
