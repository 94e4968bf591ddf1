#include "at_engine/pending.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace at {

using namespace std::chrono_literals;

Pending::Pending(Timeline& timeline, Outcome busy) : timer_(timeline), busy_(std::move(busy)) {}

Pending::~Pending() {
  if (later_) later_->aborted = nullptr;
}

Outcome Pending::answer_after(Duration delay, std::function<Outcome()> action) {
  return begin(delay, std::move(action), false);
}

Outcome Pending::answer_within(Duration limit, Duration delay, std::function<Outcome()> action) {
  return begin(std::min(delay, limit - Duration(1ms)), std::move(action), false);
}

Outcome Pending::answer_unless_aborted(Duration delay, std::function<Outcome()> action) {
  return begin(delay, std::move(action), true);
}

Outcome Pending::begin(Duration delay, std::function<Outcome()> action, bool abortable) {
  if (busy()) return busy_;
  if (delay == Duration::zero()) return action();
  later_ = std::make_shared<Later>();
  if (abortable)
    later_->aborted = [this] {
      timer_.stop();
      later_.reset();
    };
  timer_.start(delay, [this, action = std::move(action)] {
    const auto later = std::exchange(later_, nullptr);
    later->aborted = nullptr;
    later->settle_with(action());
  });
  return Outcome::later(later_);
}

void Pending::cancel() {
  timer_.stop();
  const auto later = std::exchange(later_, nullptr);
  if (!later) return;
  later->aborted = nullptr;
  later->settle_with(Outcome::error());
}

}  // namespace at
