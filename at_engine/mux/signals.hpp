// The V.24 signals of one DLCI as MSC carries them (MUX-25, MUX-28; 27.010 5.4.6.3.7), of the
// module or of the host. Kept by the Multiplexer for each side.
#pragma once

namespace at::mux {

struct Signals {
  bool flow_stopped = false;   // FC: it cannot take frames
  bool ready = true;           // RTC: DSR of the module, DTR of the host
  bool receives = true;        // RTR: CTS of the module, RTS of the host
  bool incoming_call = false;  // IC: ring indicator
  bool data_valid = true;      // DV: carrier detect

  friend bool operator==(const Signals&, const Signals&) = default;
};

/// Whether the side with these signals wants nothing more for now.
[[nodiscard]] constexpr bool stops_sender(const Signals& signals) {
  return signals.flow_stopped || !signals.receives;
}

/// The octet of MSC; 8D is the usual one.
[[nodiscard]] constexpr unsigned octet_of(const Signals& signals) {
  return 0x01U | (signals.flow_stopped ? 0x02U : 0U) | (signals.ready ? 0x04U : 0U) |
         (signals.receives ? 0x08U : 0U) | (signals.incoming_call ? 0x40U : 0U) |
         (signals.data_valid ? 0x80U : 0U);
}

[[nodiscard]] constexpr Signals signals_of(unsigned octet) {
  return {.flow_stopped = (octet & 0x02U) != 0,
          .ready = (octet & 0x04U) != 0,
          .receives = (octet & 0x08U) != 0,
          .incoming_call = (octet & 0x40U) != 0,
          .data_valid = (octet & 0x80U) != 0};
}

}  // namespace at::mux
