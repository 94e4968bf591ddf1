// What the MQTT clients need of the cellular side: is there a packet data context to go through.
// Implemented by the device model.
#pragma once

namespace mqtt_backend {

class Bearer {
 public:
  virtual ~Bearer() = default;
  /// True when PDP context `cid` (1-15) is active or can be activated now.
  [[nodiscard]] virtual bool available(int cid) const = 0;
};

}  // namespace mqtt_backend
