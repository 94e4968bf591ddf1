// All chance of a simulation: one generator, drawn in one order, so that a seed is a session. Also
// counts the faults that were drawn.
#pragma once

#include "at_engine/timeline.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace sim {

enum class Fault {
  open_unresolved,
  open_refused,
  open_unreachable,
  open_tls_failed,
  open_black_hole,
  open_around_limit,
  connack_refused,
  connack_never,
  connack_around_limit,
  connect_unsent,
  ack_before_t1,
  ack_at_t1,
  ack_after_t1,
  ack_twice,
  ack_wrong_ticket,
  ack_never,
  suback_128,
  suback_lower,
  peer_closed,
  unreachable,
  protocol_error,
  internal,
  ping_unsent,
  pong_never,
  pong_around_limit,
  take_over,
  disconnect_failed,
  disconnect_never,
  message_burst,
  partial_line,
  long_line,
  noise,
  bad_command,
  hangup,
  hangup_in_entry,
  payload_slow,
  payload_surplus,
  payload_at_once,
  entry_timeout,
  flood,
  radio_off,
  restart,
  count,
};
constexpr auto fault_count = static_cast<std::size_t>(Fault::count);
using FaultCounts = std::array<std::uint64_t, fault_count>;

/// In the order of Fault.
constexpr std::array<std::string_view, fault_count> fault_names{
    "open unresolved",   "open refused",
    "open unreachable",  "open TLS failed",
    "open black hole",   "open around 120 s",
    "CONNACK 1-5",       "CONNACK never",
    "CONNACK around T1", "CONNECT unsent",
    "ack T1 - 1 ms",     "ack T1",
    "ack T1 + 1 ms",     "ack twice",
    "ack wrong ticket",  "ack never",
    "SUBACK 128",        "SUBACK lower qos",
    "peer closed",       "unreachable",
    "protocol error",    "internal",
    "PINGREQ unsent",    "PINGRESP never",
    "PINGRESP at limit", "take-over",
    "DISC failed",       "DISC never done",
    "burst of messages", "partial line",
    "line too long",     "noise",
    "bad command",       "hangup",
    "hangup in entry",   "payload slow",
    "payload surplus",   "payload at once",
    "entry timeout",     "flood of publishes",
    "radio off",         "restart"};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  /// From `low` to `high`, both included.
  int in(int low, int high) {
    const auto span = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<int>(random_() % span);
  }
  bool permille(int chance) { return in(0, 999) < chance; }
  at::Duration ms(int low, int high) { return std::chrono::milliseconds(in(low, high)); }
  template <class Value, std::size_t n>
  const Value& one_of(const std::array<Value, n>& values) {
    return values[random_() % n];
  }
  /// Bytes of every value; without A and a when they may not begin a command.
  std::string bytes(int low, int high, bool harmless) {
    std::string result;
    for (int left = in(low, high); left > 0; --left) {
      auto byte = static_cast<char>(in(0, 255));
      if (harmless && (byte == 'A' || byte == 'a')) byte = '.';
      result += byte;
    }
    return result;
  }
  void drew(Fault fault) { ++faults_[static_cast<std::size_t>(fault)]; }
  [[nodiscard]] const FaultCounts& faults() const { return faults_; }

 private:
  std::mt19937_64 random_;
  FaultCounts faults_{};
};

}  // namespace sim
