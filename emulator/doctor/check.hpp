// One thing that a modem needs of its machine, and whether it is there.
#pragma once

#include "emulator/options.hpp"

#include <string>
#include <vector>

namespace emulator::doctor {

struct Finding {
  enum class Verdict { good, note, fix };
  Verdict verdict;
  std::string what;  // one line; of a fix with what to do
};

using Findings = std::vector<Finding>;

/// Pseudo-terminals, TCP ports and serial devices of `--port`, each of which can be read as a port.
void check_ports(const Options& options, Findings& findings);
/// mosquitto, which is started and ended.
void check_broker(const Options& options, Findings& findings);
/// The loopback, and the address of `--control`.
void check_network(const Options& options, Findings& findings);
/// Descriptors for so many modems.
void check_descriptors(const Options& options, Findings& findings);
/// Places that are written to: `--state-dir`, and the directories of files.
void check_places(const Options& options, Findings& findings);
/// Data calls, when asked for: what is behind PPP here, and what a host on this machine needs.
void check_ppp(Findings& findings);

}  // namespace emulator::doctor
