#include "mqtt_backend/client_timer.hpp"

#include <utility>

namespace mqtt_backend {

void ClientTimer::start(at::Duration delay, at::Timeline::Action action) {
  if (!tracepoint_.watched()) return timer_.start(delay, std::move(action));
  tracepoint_.tell(event::TimerSet{name_, msg_id_, delay});
  timer_.start(delay, [this, run = std::move(action)] {
    tracepoint_.tell(event::TimerFired{name_, msg_id_});
    run();
  });
}

void ClientTimer::start(TimerName name, at::Duration delay, at::Timeline::Action action) {
  name_ = name;
  start(delay, std::move(action));
}

void ClientTimer::stop() {
  if (timer_.running()) tracepoint_.tell(event::TimerStopped{name_, msg_id_});
  timer_.stop();
}

}  // namespace mqtt_backend
