// Who looks on at the device: journal, page, metrics. Events are typed; they carry no secrets.
// Implemented outside of this room; the device works without one and then spends nothing on it.
#pragma once

#include "at_engine/timeline.hpp"
#include "emulator/device/network/network.hpp"
#include "emulator/device/packet_data/pdp.hpp"
#include "emulator/device/power/power.hpp"
#include "emulator/device/scenario.hpp"
#include "emulator/device/sim/sim.hpp"

#include <variant>

namespace emulator::device {

namespace event {

/// Power or function level (<fun> of +CFUN).
struct PowerChanged {
  Power::State state;
  int function_level;
};
struct SimChanged {
  Sim::State from;
  Sim::State to;
};
/// `attached`: packet data can flow.
struct RegistrationChanged {
  Network::Stat stat;
  bool attached;
};
struct ContextChanged {
  Pdp::Change change;
};
/// The surroundings changed by themselves.
struct SceneChanged {
  const Scene& scene;
};

}  // namespace event

using Event = std::variant<event::PowerChanged, event::SimChanged, event::RegistrationChanged,
                           event::ContextChanged, event::SceneChanged>;

class Observer {
 public:
  virtual ~Observer() = default;

  /// References in `event` hold for the length of the call. Must not call back into the module.
  virtual void saw(at::Time /*at*/, const Event& /*event*/) {}
};

}  // namespace emulator::device
