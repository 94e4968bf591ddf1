#include "mqtt_backend/exchange.hpp"

#include <algorithm>
#include <utility>

namespace mqtt_backend {

Exchange::Exchange(const Tracepoint& tracepoint, int msg_id, Policy policy, Hooks hooks)
    : policy_(policy), hooks_(std::move(hooks)), timer_(tracepoint, TimerName::t1, msg_id) {}

void Exchange::start() {
  waits_ = 0;
  wait();
}

void Exchange::wait() {
  timer_.start(policy_.pkt_timeout, [this] { expired(); });
}

void Exchange::expired() {
  ++waits_;
  if (waits_ < std::max(1, policy_.retry_times)) {
    wait();
    hooks_.retransmit(waits_);
    return;
  }
  const auto gave_up = hooks_.gave_up;
  gave_up();
}

}  // namespace mqtt_backend
