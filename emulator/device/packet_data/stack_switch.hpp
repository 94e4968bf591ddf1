// +QIACTEX and +QIDEACTEX of sibling modules (GEN-2): the TCP/IP layer is started or stopped on a
// context behind an OK, and a result line tells how that ended. One at a time. Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "cellular/latency.hpp"
#include "emulator/device/packet_data/pdp.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::device {

class StackSwitch {
 public:
  StackSwitch(at::Timeline& timeline, at::Announce& announce, cellular::Latency& latency, Pdp& pdp);

  static const std::array<at::Command<StackSwitch>, 2>& sibling_commands();

  /// The module stops: what is under way ends without a word.
  void reset() { timer_.stop(); }

  [[nodiscard]] std::optional<std::string> busy() const;

 private:
  at::Outcome start(const at::Call& call);
  at::Outcome stop(const at::Call& call);
  at::Outcome behind_ok(at::Asker asker, std::string_view name, int cid,
                        std::function<TcpIpError()> action);

  at::Announce& announce_;
  cellular::Latency& latency_;
  Pdp& pdp_;
  at::Timer timer_;
};

}  // namespace emulator::device
