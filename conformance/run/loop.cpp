#include "conformance/run/loop.hpp"

#include <algorithm>
#include <csignal>

namespace conformance {

Loop::Loop() : signals_(io_, SIGINT, SIGTERM), second_(io_) {
  signals_.async_wait([this](boost::system::error_code error, int) {
    if (!error) interrupted_ = true;
  });
}

bool Loop::wait_until(Time deadline, const std::function<bool()>& condition) {
  io_.restart();
  io_.poll();
  for (;;) {
    if (interrupted_) throw Interrupted("interrupted");
    if (Clock::now() >= end_) throw Interrupted(why_);
    if (condition()) return true;
    if (Clock::now() >= deadline) return false;
    io_.restart();
    io_.run_one_until(std::min(deadline, end_));
  }
}

void Loop::sleep_until(Time deadline) {
  wait_until(deadline, [] { return false; });
}

void Loop::end_at(Time end, std::string why) {
  end_ = end;
  why_ = std::move(why);
}

void Loop::each_second(std::function<void()> work) {
  second_.expires_after(std::chrono::seconds(1));
  second_.async_wait([this, work = std::move(work)](boost::system::error_code error) mutable {
    if (error) return;
    work();
    each_second(std::move(work));
  });
}

}  // namespace conformance
