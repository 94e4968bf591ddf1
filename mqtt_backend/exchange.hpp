// One packet that waits for its answer: T1 of the note's figure 1. Asks the timeline for the time,
// its owner for a resend, and tells the end. The whole wait is pkt_timeout x max(1, retry_times)
// (TIME-1 to TIME-3). Owned by the Client, one a ticket; qos 2 runs it twice.
#pragma once

#include "at_engine/timeline.hpp"
#include "mqtt_backend/client_timer.hpp"

#include <algorithm>
#include <functional>

namespace mqtt_backend {

class Exchange {
 public:
  struct Policy {
    at::Duration pkt_timeout;
    int retry_times;

    /// Until the exchange gives up.
    [[nodiscard]] at::Duration whole_wait() const { return pkt_timeout * std::max(1, retry_times); }
  };
  struct Hooks {
    /// A pkt_timeout passed and a retry is left: retransmission n (1, 2, ...) is due.
    std::function<void(int n)> retransmit;
    /// The last wait ended. The exchange may be destroyed from inside.
    std::function<void()> gave_up;
  };

  /// `msg_id` is 0 for CONNECT.
  Exchange(const Tracepoint& tracepoint, int msg_id, Policy policy, Hooks hooks);

  /// Starts T1, the count of retransmissions at zero.
  void start();

  /// Answered: T1 stops.
  void stop() { timer_.stop(); }

  /// T1.
  [[nodiscard]] const ClientTimer& timer() const { return timer_; }

 private:
  void wait();
  void expired();

  Policy policy_;
  Hooks hooks_;
  ClientTimer timer_;
  int waits_ = 0;
};

}  // namespace mqtt_backend
