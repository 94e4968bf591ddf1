// Who looks on at a whole module: its channels, its MQTT clients and its device. What is not
// overridden is not looked at; whoever overrides some takes the others over with
// `using Observer::saw`. What must not be shown is the onlooker's business.
#pragma once

#include "at_engine/observer.hpp"
#include "emulator/device/observer.hpp"
#include "mqtt_backend/observer.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace emulator {

namespace event {

/// A fault that somebody asked for is put upon the module. `client_idx` when it is one client's.
struct FaultApplied {
  std::string_view name;
  std::string_view type;
  std::optional<int> client_idx;
};

/// What a fault makes of an answer that the module has given: the host gets it late, or never; or
/// now it has all that was late.
struct AnswerDisturbed {
  enum class How { late, lost, said };
  at::Asker channel;
  How how;
};

/// What the host gets, piece by piece, where that is not what the module says when it says it.
/// Nothing: an answer is lost.
struct LineCarried {
  at::Asker channel;
  std::string_view bytes;
};

/// So many bytes of the host are kept from the module by a fault that waits for one of them.
struct HostBytesHeld {
  at::Asker channel;
  std::size_t size;
};

}  // namespace event

class Observer : public at::Observer, public mqtt_backend::Observer, public device::Observer {
 public:
  using device::Observer::saw;
  using mqtt_backend::Observer::saw;

  void saw(at::Time /*at*/, at::Asker /*channel*/, const at::Event& /*event*/) override {}
  virtual void saw(at::Time /*at*/, const event::FaultApplied& /*event*/) {}
  virtual void saw(at::Time /*at*/, const event::AnswerDisturbed& /*event*/) {}
  virtual void saw(at::Time /*at*/, const event::LineCarried& /*event*/) {}
  virtual void saw(at::Time /*at*/, const event::HostBytesHeld& /*event*/) {}
};

}  // namespace emulator
