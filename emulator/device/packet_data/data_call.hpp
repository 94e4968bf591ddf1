// Dialling into data mode: ATD, ATH, ATO, +CGDATA. PPP is not there, so that every call ends with
// NO CARRIER, after the time that the network takes (manual 9.4; PPP note). Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/pending.hpp"
#include "at_engine/timeline.hpp"
#include "cellular/latency.hpp"
#include "emulator/device/network/network.hpp"

#include <array>

namespace emulator::device {

class DataCall {
 public:
  DataCall(at::Timeline& timeline, cellular::Latency& latency, const Network& network)
      : latency_(latency), network_(network), calling_(timeline, at::Outcome::no_carrier()) {}

  static const std::array<at::Command<DataCall>, 4>& commands();

  /// The module stops.
  void reset() { calling_.cancel(); }

 private:
  at::Outcome dial(const at::Args& args);
  at::Outcome hang_up(const at::Args& args);
  at::Outcome go_online(const at::Args& args);
  at::Outcome enter_data_state(const at::Args& args);
  at::Outcome call();

  cellular::Latency& latency_;
  const Network& network_;
  at::Pending calling_;
};

}  // namespace emulator::device
