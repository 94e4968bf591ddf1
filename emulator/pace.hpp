// A port that sends no faster than its serial line (--pace on): ten bits a byte at the rate of
// +IPR. Owned by the Emulator, one a port, in front of the real one.
#pragma once

#include "at_engine/port.hpp"
#include "at_engine/timeline.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace emulator {

class Pace : public at::Port {
 public:
  /// Bytes that may wait; a unit that does not fit is lost, counted and told of.
  static constexpr std::size_t max_waiting = std::size_t{4} * 1024 * 1024;
  /// Bytes leave in steps of this, or one by one on slower lines.
  static constexpr at::Duration step = std::chrono::milliseconds(1);
  /// Of the time by which this program comes late to a line that has run dry.
  static constexpr at::Duration most_made_good = 10 * step;

  Pace(at::Timeline& timeline, at::Port& port)
      : port_(port), timeline_(timeline), timer_(timeline) {}

  void write(std::string_view bytes) override;
  /// A new rate counts for what is written from now on: what waits has left by then.
  void set_line(const at::SerialLine& line) override;
  [[nodiscard]] int factory_rate() const override { return port_.factory_rate(); }

  /// `drained` is told, never from inside a call, when the last byte that waited has left.
  void when_drained(std::function<void()> drained) { drained_ = std::move(drained); }

  /// Bytes that have not left yet.
  [[nodiscard]] std::size_t waiting() const { return waiting_.size() - sent_; }
  /// Bytes kept in memory, some of which may have left already.
  [[nodiscard]] std::size_t held() const { return waiting_.size(); }
  /// Bytes that were lost, in all.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  [[nodiscard]] at::Duration time_for(std::size_t bytes) const;
  void send_due();
  void forget_sent();
  void end_episode();

  at::Port& port_;
  at::Timeline& timeline_;
  at::Timer timer_;
  at::SerialLine line_;
  std::string waiting_;
  std::size_t sent_ = 0;  // of `waiting_`
  std::uint64_t lost_ = 0;
  std::uint64_t told_ = 0;  // of `lost_`
  std::function<void()> drained_;
  at::Time began_{};                 // when the first byte of `waiting_` went onto the line
  std::optional<at::Time> ran_dry_;  // when the line did, while that is told
};

}  // namespace emulator
