// The module's clock: it counts from an arbitrary start until the network or the host sets it
// (AT+CCLK, manual 10.2). TLS judges validity dates by it. Runs on through restarts. Owned by the
// Modem.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/timeline.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace emulator::device {

class Clock {
 public:
  explicit Clock(at::Timeline& timeline) : timeline_(timeline) {}

  static const std::array<at::Command<Clock>, 1>& commands();

  /// UTC as the module believes it to be, Unix milliseconds.
  [[nodiscard]] std::int64_t unix_ms() const;

  /// Sets the clock. `zone` is in quarters of an hour, -48 to 56.
  void set(std::int64_t unix_ms, int zone);

 private:
  at::Outcome read();
  at::Outcome write(const at::Args& args);

  [[nodiscard]] std::int64_t since_start_ms() const;

  at::Timeline& timeline_;
  std::int64_t unix_ms_at_start_ = cold_start_ms;
  int zone_ = 0;

  // reading: a module that never met a network shows the date of the manual's example
  static constexpr std::int64_t cold_start_ms = 1199405983000;  // 2008-01-04 00:19:43
};

/// A moment with its zone in quarters of an hour.
struct LocalTime {
  std::int64_t unix_ms;
  std::optional<int> zone;  // none given
};

/// Reads "yy/MM/dd,hh:mm:ss" with or without a zone "+zz" (years 2000 to 2099); `zone` counts when
/// none is given. Nothing for what is no such moment.
std::optional<LocalTime> parse_clock(std::string_view text, int zone);

}  // namespace emulator::device
