// The one thread of the suite: waits for what the unit, brokers and peers do, never longer than
// asked. Ctrl-C (SIGINT, SIGTERM) and the end of the time that the run may take end any wait with
// Interrupted.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace conformance {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

/// The run is to end now; what() says why.
class Interrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
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
  /// From then on every wait ends with Interrupted, which says `why`.
  void end_at(Time end, std::string why);
  /// `work` is done about once a second, while something is waited for.
  void each_second(std::function<void()> work);

 private:
  boost::asio::io_context io_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer second_;
  bool interrupted_ = false;
  Time end_ = Time::max();
  std::string why_;
};

}  // namespace conformance
