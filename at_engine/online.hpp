// Online data mode: a channel hands its bytes to somebody else (a data call, a transparent socket,
// a multiplexer) until the host or the far side takes it back (V.250 6.3, 27.007 10.1.1).
// Implemented by the service that goes online; the terminal keeps it while the connection lasts.
#pragma once

#include <cstddef>
#include <string_view>

namespace at {

class Outcome;

/// What a terminal does for whoever is online on it.
class OnlineChannel {
 public:
  virtual ~OnlineChannel() = default;

  /// Bytes of the far side to the host; lost while the host has the channel in command state.
  virtual void transmit(std::string_view bytes) = 0;

  /// Bytes that the port takes now without keeping many. Who has used them up waits for drained().
  [[nodiscard]] virtual std::size_t room() const = 0;

  /// The host is to wait with what it sends, or no longer. What is under way may still come.
  virtual void hold(bool held) = 0;

  /// The far side is gone: NO CARRIER, and commands again. No call of the Online comes after it.
  virtual void carrier_lost() = 0;

  /// It is done, with this result, and commands again; without a word while the host has the
  /// channel in command state. No call of the Online comes after it.
  virtual void finish(const Outcome& result) = 0;

  /// It is done without a word, and what came behind its last byte is commands. No call of the
  /// Online comes after it.
  virtual void leave(std::string_view rest) = 0;
};

class Online {
 public:
  virtual ~Online() = default;

  /// The channel is handed over; `channel` may be used until hung_up() or carrier_lost().
  virtual void connected(OnlineChannel& channel) = 0;

  /// Bytes of the host, as they came.
  virtual void receive(std::string_view bytes) = 0;

  /// The port, which had no room, has taken all that was transmitted.
  virtual void drained() {}

  /// The host has gone to command state ("+++", or a DTR drop under AT&D1), or is back (ATO).
  virtual void suspended() {}
  virtual void resumed() {}

  /// The host has hung up (ATH, a DTR drop under AT&D2), or the module stops.
  virtual void hung_up() = 0;

  /// Suspended, and something else goes online on the channel.
  virtual void displaced() { hung_up(); }

  /// A multiplexer is no call: it begins with OK, takes every byte ("+++" too) and the host's
  /// lines, and raises no carrier.
  [[nodiscard]] virtual bool is_call() const { return true; }

  /// What stands behind CONNECT, where the channel shows it (ATX1 and above).
  [[nodiscard]] virtual std::string_view speed() const { return {}; }

  /// Whether the host may go to command state and come back; else that ends it (PPP-7).
  [[nodiscard]] virtual bool can_suspend() const { return true; }

  /// Whether a host that closes its port has dropped DTR by that (PPP-9).
  [[nodiscard]] virtual bool heeds_port() const { return false; }

  // Of one that is no call: what else the host does at the port.

  virtual void dtr(bool /*on*/) {}
  virtual void host_left() {}
};

}  // namespace at
