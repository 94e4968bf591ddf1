// What the MQTT clients need of the cellular side: a packet data context to go through. Implemented
// by the device model.
#pragma once

namespace cellular {

class Bearer {
 public:
  virtual ~Bearer() = default;

  /// Activates PDP context `cid` (1-15) if it is not active. False when that cannot be.
  [[nodiscard]] virtual bool bring_up(int cid) = 0;
};

}  // namespace cellular
