// What the emulator has to say to the person who runs it: spdlog on standard error. It never waits
// for a reader, and any thread may log.
#pragma once

#include "at_engine/log.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace emulator {

/// How long the end of the program waits for a reader of standard error.
constexpr std::chrono::milliseconds log_patience{100};

/// Sets up the default logger; `level` is one of those of --log-level.
void start_log(const std::string& level);

/// Says `text` on standard error as it stands, in order with the log.
void say_error(std::string text);

/// Says on standard error why `program` cannot do something: "eg91xq: WHAT", in one line whatever
/// users wrote into it.
void complain(std::string_view what, std::string_view program = "eg91xq");

/// Waits up to log_patience until standard error has all that was said.
void flush_log();

/// The core's log, on spdlog's default logger.
class SpdLog : public at::Log {
 public:
  /// `name` stands in front of every line; empty: nothing does.
  explicit SpdLog(const std::string& name = {}) : prefix_(name.empty() ? name : name + ": ") {}

  void write(at::Severity severity, const std::string& text) override;

 private:
  std::string prefix_;
};

}  // namespace emulator
