// AT+CMUX, and the multiplexer that it starts on a UART: each of its DLCIs is a channel with a
// terminal of its own (MUX-1 to MUX-11, MUX-34 to MUX-46). One at a time. Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/mux/dlci_port.hpp"
#include "at_engine/mux/multiplexer.hpp"
#include "at_engine/mux/parameters.hpp"
#include "at_engine/terminal.hpp"
#include "cellular/knobs.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

namespace emulator {

class Cmux {
 public:
  /// What it asks of the module; all of it outlives the Cmux.
  struct Module {
    std::function<bool(at::Asker)> is_uart;
    std::function<bool()> may_change_rate;  // AT+QCFG="cmux/baudratework"
    std::function<void(at::Asker, int baud)> change_rate;
    /// The channel of a DLCI begins as after a start, at `port`.
    std::function<at::Terminal&(int dlci, at::Port& port)> connect;
    /// It is no more; a call on it is hung up.
    std::function<void(int dlci)> disconnect;
    std::function<void(bool)> hold_urcs;
  };

  Cmux(const cellular::Knobs& knobs, Module module) : knobs_(knobs), module_(std::move(module)) {}
  Cmux(const Cmux&) = delete;
  Cmux& operator=(const Cmux&) = delete;

  static const std::array<at::Command<Cmux>, 1>& commands();

  /// The channel that it runs on, if it runs.
  [[nodiscard]] std::optional<at::Asker> line() const;
  /// The multiplexer that runs, or null.
  [[nodiscard]] const at::mux::Multiplexer* multiplexer() const;

 private:
  class Session;

  at::Outcome start(const at::Call& call);
  at::Outcome show();
  [[nodiscard]] at::mux::Parameters parameters_of(const at::Args& args) const;
  [[nodiscard]] at::mux::DlciPort& port(int dlci) {
    return ports_[static_cast<std::size_t>(dlci) - 1];
  }

  const cellular::Knobs& knobs_;
  Module module_;
  Session* session_ = nullptr;  // owned by the terminal that it is online on
  std::array<at::mux::DlciPort, at::mux::Multiplexer::max_dlcis> ports_{
      at::mux::DlciPort(1), at::mux::DlciPort(2), at::mux::DlciPort(3), at::mux::DlciPort(4)};
};

}  // namespace emulator
