// A timer of a client, whose observer is told when it is set, fires or is stopped. Stops itself
// when it goes out of scope. Owned by the Client and its Exchanges.
#pragma once

#include "at_engine/timeline.hpp"
#include "mqtt_backend/tracepoint.hpp"

namespace mqtt_backend {

class ClientTimer {
 public:
  /// `msg_id`: of the packet that it is for, or 0.
  ClientTimer(const Tracepoint& tracepoint, TimerName name, int msg_id = 0)
      : tracepoint_(tracepoint), timer_(tracepoint.timeline()), name_(name), msg_id_(msg_id) {}
  ~ClientTimer() { stop(); }
  ClientTimer(const ClientTimer&) = delete;
  ClientTimer& operator=(const ClientTimer&) = delete;

  void start(at::Duration delay, at::Timeline::Action action);
  /// Likewise, under another name from now on.
  void start(TimerName name, at::Duration delay, at::Timeline::Action action);
  void stop();
  [[nodiscard]] bool running() const { return timer_.running(); }

  [[nodiscard]] TimerName name() const { return name_; }
  [[nodiscard]] int msg_id() const { return msg_id_; }
  /// Until it fires; zero when it does not run.
  [[nodiscard]] at::Duration left() const;

 private:
  const Tracepoint& tracepoint_;
  at::Timer timer_;
  TimerName name_;
  int msg_id_;
  at::Time deadline_{};  // as it was started last
};

}  // namespace mqtt_backend
