// One DLCI as a terminal's port: its bytes are frames, its lines are MSC (MUX-25, MUX-26, MUX-34).
// Owned by whoever owns the terminal; it may be there without a multiplexer.
#pragma once

#include "at_engine/mux/multiplexer.hpp"
#include "at_engine/port.hpp"
#include "at_engine/terminal.hpp"

#include <cstddef>
#include <string_view>

namespace at::mux {

class DlciPort : public Port {
 public:
  /// `dlci` is 1 to 4. Bytes are lost, and lines lead nowhere, until it is attached.
  explicit DlciPort(int dlci) : dlci_(dlci) {}

  /// Its frames go through `multiplexer`, which must be detached before it ends.
  void attach(Multiplexer& multiplexer);
  void detach() { multiplexer_ = nullptr; }

  /// The terminal on this port, once it is there: only the end of its data mode is a loss of the
  /// carrier, since DV must not follow &C (MUX-26).
  void serve(const Terminal& terminal) { terminal_ = &terminal; }

  void write(std::string_view bytes) override;
  void set_lines(const ModemLines& lines) override;
  [[nodiscard]] std::size_t room() const override;
  void hold(bool held) override;

 private:
  int dlci_;
  Multiplexer* multiplexer_ = nullptr;
  const Terminal* terminal_ = nullptr;
  ModemLines lines_;
};

}  // namespace at::mux
