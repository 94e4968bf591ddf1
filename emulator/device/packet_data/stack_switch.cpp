#include "emulator/device/packet_data/stack_switch.hpp"

#include <utility>

#include <fmt/format.h>

namespace emulator::device {

using at::Command;
using at::Outcome;

// reading: the optional second number, which hosts send as 1, changes nothing here
const std::array<Command<StackSwitch>, 2>& StackSwitch::sibling_commands() {
  constexpr auto context_id = at::number("contextID", 1, Pdp::max_cid);
  static constexpr std::array<Command<StackSwitch>, 2> table{{
      {.name = "+QIACTEX",
       .params = {context_id, at::number("view_mode", 0, 1).optional()},
       .write = &StackSwitch::start,
       .section = "TCP/IP (siblings)",
       .source = at::Source::sibling,
       .summary = "Start the TCP/IP layer on a context, and tell the end of it later"},
      {.name = "+QIDEACTEX",
       .params = {context_id, at::number("view_mode", 0, 1).optional()},
       .write = &StackSwitch::stop,
       .section = "TCP/IP (siblings)",
       .source = at::Source::sibling,
       .summary = "Stop it, and tell the end of that later"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

StackSwitch::StackSwitch(at::Timeline& timeline, at::Announce& announce, cellular::Latency& latency,
                         Pdp& pdp)
    : announce_(announce), latency_(latency), pdp_(pdp), timer_(timeline) {}

std::optional<std::string> StackSwitch::busy() const {
  if (timer_.running()) return "a packet data context is switched (+QIACTEX)";
  return std::nullopt;
}

Outcome StackSwitch::start(const at::Call& call) {
  const int cid = call.args.number(0);
  if (pdp_.holds_stack(cid)) return pdp_.refuse(TcpIpError::not_allowed);
  return behind_ok(call.asker, "+QIACTEX", cid, [this, cid] { return pdp_.start_stack(cid); });
}

Outcome StackSwitch::stop(const at::Call& call) {
  const int cid = call.args.number(0);
  return behind_ok(call.asker, "+QIDEACTEX", cid, [this, cid] {
    pdp_.stop_stack(cid);
    return TcpIpError::none;
  });
}

Outcome StackSwitch::behind_ok(at::Asker asker, std::string_view name, int cid,
                               std::function<TcpIpError()> action) {
  if (timer_.running()) return pdp_.refuse(TcpIpError::not_allowed);
  timer_.start(latency_.draw(cellular::Latency::Step::answer),
               [this, asker, name, cid, action = std::move(action)] {
                 const auto error = action();
                 announce_.result(asker, fmt::format("{}: {},{}", name, cid, code(error)));
               });
  pdp_.note(TcpIpError::none);
  return Outcome::ok();
}

}  // namespace emulator::device
