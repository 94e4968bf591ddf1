// What a simulation draws beside the faults of the product's table: what the host does wrong, and
// what may happen though nobody does anything wrong. "Fault" means one of the table alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sim {

enum class HostSlip {
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
  count,
};

/// Of the system under a link the table of faults has no word: no broker and no network makes these
/// come, and a user cannot ask for them.
enum class Turn {
  radio_off,
  restart,
  take_over,
  message_burst,
  open_unreachable,
  connect_unsent,
  ping_unsent,
  unreachable,
  internal,
  disconnect_failed,
  disconnect_late,
  disconnect_never,
  count,
};

constexpr auto slip_count = static_cast<std::size_t>(HostSlip::count);
constexpr auto turn_count = static_cast<std::size_t>(Turn::count);

/// In the order of HostSlip.
constexpr std::array<std::string_view, slip_count> slip_names{
    "partial line",      "line too long", "noise",           "bad command",     "hangup",
    "hangup in entry",   "payload slow",  "payload surplus", "payload at once", "entry timeout",
    "flood of publishes"};

/// In the order of Turn.
constexpr std::array<std::string_view, turn_count> turn_names{
    "radio off",        "restart",        "take-over",         "burst of messages",
    "open unreachable", "CONNECT unsent", "PINGREQ unsent",    "unreachable",
    "internal",         "DISC failed",    "DISC around limit", "DISC never done"};

using SlipCounts = std::array<std::uint64_t, slip_count>;
using TurnCounts = std::array<std::uint64_t, turn_count>;

}  // namespace sim
