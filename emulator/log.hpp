// What the emulator has to say to the person who runs it: spdlog on standard error.
#pragma once

#include "at_engine/log.hpp"

#include <string>

namespace emulator {

/// Sets up the default logger; `level` is one of log_levels.
void start_log(const std::string& level);

/// The core's log, on spdlog's default logger.
class SpdLog : public at::Log {
 public:
  void write(at::Severity severity, const std::string& text) override;
};

}  // namespace emulator
