// What a client waits for, to be looked at.
#include "mqtt_backend/client.hpp"

namespace mqtt_backend {

std::vector<Client::RunningTimer> Client::timers() const {
  std::vector<RunningTimer> running;
  const auto add = [&running](const ClientTimer& timer) {
    if (timer.running()) running.push_back({timer.name(), timer.msg_id(), timer.left()});
  };
  add(limit_);
  if (connecting_) add(connecting_->timer());
  for (const auto& operation : operations_) add(operation.exchange->timer());
  add(t2_);
  add(pingresp_);
  return running;
}

}  // namespace mqtt_backend
