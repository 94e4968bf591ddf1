#include "conformance/run/loop.hpp"

#include <csignal>

namespace conformance {

Loop::Loop() : signals_(io_, SIGINT, SIGTERM) {
  signals_.async_wait([this](boost::system::error_code error, int) {
    if (!error) interrupted_ = true;
  });
}

bool Loop::wait_until(Time deadline, const std::function<bool()>& condition) {
  io_.restart();
  io_.poll();
  for (;;) {
    if (interrupted_) throw Interrupted();
    if (condition()) return true;
    if (Clock::now() >= deadline) return false;
    io_.restart();
    io_.run_one_until(deadline);
  }
}

void Loop::sleep_until(Time deadline) {
  wait_until(deadline, [] { return false; });
}

}  // namespace conformance
