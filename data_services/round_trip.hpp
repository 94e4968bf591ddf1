// What comes back from the peer takes a round trip of the cellular network (TIME-6): it is passed
// on no sooner than that after what was sent. Bounded by what the connection may bring, which is
// what was wanted of it. Owned by a Socket or
// an FtpControl.
#pragma once

#include "at_engine/timeline.hpp"
#include "cellular/latency.hpp"

#include <deque>
#include <functional>
#include <memory>

namespace data_services {

class RoundTrip {
 public:
  RoundTrip(at::Timeline& timeline, cellular::Latency& latency)
      : timeline_(timeline), latency_(latency), timer_(timeline) {}

  /// Something is on its way to the peer. One at a time is followed.
  void begin();

  /// Calls `then`, in the order of calls: at once, or when the round trip is over. It may destroy
  /// this object.
  void pass(std::function<void()> then);

  /// What has not been passed on never is.
  void forget();

 private:
  void flush();

  at::Timeline& timeline_;
  cellular::Latency& latency_;
  at::Timer timer_;
  at::Time back_{};
  std::deque<std::function<void()>> waiting_;
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace data_services
