// A line whose ends must agree on a rate (--line strict), for a port that tells the host's: what is
// sent at another rate than the module's (+IPR) arrives as a serial receiver would see it. At rate
// 0 the module takes that of the host's first AT. Without that any rate is understood, unless the
// module's is disturbed. Owned by the emulator, between a terminal's port
// and the host's.
#pragma once

#include "at_engine/port.hpp"
#include "pty/host_port.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pty {

class LineRate : public at::Port {
 public:
  explicit LineRate(HostPort& port, bool strict = true) : port_(port), strict_(strict) {}

  void be_strict() { strict_ = true; }
  /// The module's rate is this one, whatever +IPR says; nothing: no longer.
  void disturb(std::optional<int> rate);
  /// Whether it matters at all at which rate the host sends.
  [[nodiscard]] bool looks() const { return strict_ || disturbed_; }

  void write(std::string_view bytes) override;
  void set_line(const at::SerialLine& line) override;
  void hold(bool held) override { port_.hold(held); }
  [[nodiscard]] int factory_rate() const override { return port_.factory_rate(); }

  /// What the module receives when the host has sent `bytes`. May be nothing.
  [[nodiscard]] std::string received(std::string_view bytes);

 private:
  [[nodiscard]] bool agreed(int host_rate);
  [[nodiscard]] int rate() const { return disturbed_.value_or(line_.rate); }

  HostPort& port_;
  bool strict_;
  at::SerialLine line_;  // rate 0: still to be found
  std::optional<int> disturbed_;
  bool told_ = false;
};

}  // namespace pty
