#include "emulator/device/packet_data/socket_echo.hpp"

#include <fmt/format.h>

namespace emulator::device {

using at::Command;
using at::Outcome;

const std::array<Command<SocketEcho>, 1>& SocketEcho::commands() {
  static constexpr std::array<Command<SocketEcho>, 1> table{{
      {.name = "+QISDE",
       .params = {at::choice("echo", {0, 1})},
       .read = &SocketEcho::get,
       .write = &SocketEcho::set,
       .section = "TCP/IP 2.4.13",
       .source = at::Source::sibling,
       .summary = "Echo of the payload of send commands"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Outcome SocketEcho::get() { return Outcome::ok(fmt::format("+QISDE: {:d}", on_)); }

Outcome SocketEcho::set(const at::Args& args) {
  on_ = args.number(0) == 1;
  return Outcome::ok();
}

}  // namespace emulator::device
