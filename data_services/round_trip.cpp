#include "data_services/round_trip.hpp"

#include <utility>

namespace data_services {

void RoundTrip::begin() {
  const auto now = timeline_.now();
  if (now < back_) return;
  back_ = now + latency_.draw(cellular::Latency::Step::answer);
}

void RoundTrip::pass(std::function<void()> then) {
  const auto now = timeline_.now();
  if (waiting_.empty() && now >= back_) return then();
  waiting_.push_back(std::move(then));
  if (!timer_.running()) timer_.start(back_ - now, [this] { flush(); });
}

void RoundTrip::forget() {
  waiting_.clear();
  timer_.stop();
}

void RoundTrip::flush() {
  const std::weak_ptr<char> life(life_);
  while (!life.expired() && !waiting_.empty()) {
    const auto then = std::move(waiting_.front());
    waiting_.pop_front();
    then();
  }
}

}  // namespace data_services
