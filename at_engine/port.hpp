// The seam to the host: where a terminal's bytes go. One call is one atomic unit (a reply, a URC,
// a prompt) and becomes one write on the wire. Implemented by the ports of the pty room and by
// the tests' fake.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

namespace at {

/// How a serial line is set; 8 data bits, no parity, 1 stop bit always.
struct SerialLine {
  int rate = 115200;               // baud
  bool module_heeds_rts = false;   // the module stops sending while the host says so
  bool module_raises_cts = false;  // the module tells the host to stop
  int parity = 3;                  // +ICF: 0 odd, 1 even, 2 mark, 3 space; without effect on 8N1
};

/// The modem lines that the module drives, as far as a port has them.
struct ModemLines {
  bool dcd = true;  // carrier detect (&C)
  bool ri = false;  // ring indicator, true while it is active (+QCFG "urc/ri/...")

  friend bool operator==(const ModemLines&, const ModemLines&) = default;
};

class Port {
 public:
  virtual ~Port() = default;

  /// Takes the bytes over; never blocks, never fails. Bytes for which no host listens are lost.
  virtual void write(std::string_view bytes) = 0;

  /// What follows goes with these settings. A port that is no serial line ignores them.
  virtual void set_line(const SerialLine&) {}

  /// The module's lines are these from now on. A port without such lines ignores them.
  virtual void set_lines(const ModemLines&) {}

  /// Bytes that it takes now without keeping many; more may be written all the same. Who has filled
  /// it is told by Terminal::drained().
  [[nodiscard]] virtual std::size_t room() const { return std::numeric_limits<std::size_t>::max(); }

  /// The host is to wait with what it sends, as by CTS, or no longer.
  virtual void hold(bool) {}

  /// The rate until a host sets one, in baud.
  [[nodiscard]] virtual int factory_rate() const { return SerialLine{}.rate; }
};

}  // namespace at
