// The one thread of the suite: waits for what the unit, brokers and peers do, never longer than
// asked. Ctrl-C (SIGINT, SIGTERM) ends any wait with Interrupted.
#pragma once

#include <chrono>
#include <functional>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace conformance {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

/// Somebody wants the run to end now.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

class Loop {
 public:
  Loop();

  [[nodiscard]] boost::asio::io_context& io() { return io_; }
  /// False if the condition, looked at after every event, does not come true in time.
  bool wait_until(Time deadline, const std::function<bool()>& condition);
  bool wait(Clock::duration limit, const std::function<bool()>& condition) {
    return wait_until(Clock::now() + limit, condition);
  }
  void sleep_until(Time deadline);

 private:
  boost::asio::io_context io_;
  boost::asio::signal_set signals_;
  bool interrupted_ = false;
};

}  // namespace conformance
