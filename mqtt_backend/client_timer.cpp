#include "mqtt_backend/client_timer.hpp"

#include <algorithm>
#include <utility>

namespace mqtt_backend {

void ClientTimer::start(at::Duration delay, at::Timeline::Action action) {
  deadline_ = tracepoint_.timeline().now() + std::max(delay, at::Duration::zero());
  const auto kind = name_ == TimerName::t2 ? at::TimerKind::recurring : at::TimerKind::once;
  if (!tracepoint_.watched()) return timer_.start(delay, std::move(action), kind);
  tracepoint_.tell(event::TimerSet{name_, msg_id_, delay});
  timer_.start(
      delay,
      [this, run = std::move(action)] {
        tracepoint_.tell(event::TimerFired{name_, msg_id_});
        run();
      },
      kind);
}

void ClientTimer::start(TimerName name, at::Duration delay, at::Timeline::Action action) {
  name_ = name;
  start(delay, std::move(action));
}

void ClientTimer::stop() {
  if (timer_.running()) tracepoint_.tell(event::TimerStopped{name_, msg_id_});
  timer_.stop();
}

at::Duration ClientTimer::left() const {
  return running() ? deadline_ - tracepoint_.timeline().now() : at::Duration::zero();
}

}  // namespace mqtt_backend
