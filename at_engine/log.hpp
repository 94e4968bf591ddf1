// The seam for what the core has to say to the person who runs it. Implemented with spdlog by the
// emulator and with a list by the tests.
#pragma once

#include <string>

namespace at {

enum class Severity { debug, info, warning };

class Log {
 public:
  virtual ~Log() = default;
  virtual void write(Severity severity, const std::string& text) = 0;

  void debug(const std::string& text) { write(Severity::debug, text); }
  void info(const std::string& text) { write(Severity::info, text); }
  void warning(const std::string& text) { write(Severity::warning, text); }
};

}  // namespace at
