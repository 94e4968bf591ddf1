#include "at_engine/timeline.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace at {

TimerId Timeline::after(Duration delay, Action action, TimerKind kind) {
  const auto id = ++last_id_;
  const auto deadline = now_ + std::max(delay, Duration::zero());
  queue_.emplace(Key{deadline, id}, std::move(action));
  deadlines_.emplace(id, Pending{deadline, kind});
  if (kind == TimerKind::recurring) ++recurring_;
  return id;
}

void Timeline::cancel(TimerId id) {
  const auto found = deadlines_.find(id);
  if (found == deadlines_.end()) return;
  queue_.erase(Key{found->second.deadline, id});
  forget(found);
}

void Timeline::forget(Deadlines::iterator pending) {
  if (pending->second.kind == TimerKind::recurring) --recurring_;
  deadlines_.erase(pending);
}

std::optional<Time> Timeline::next() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.begin()->first.first;
}

void Timeline::run_until(Time until) {
  std::size_t at_once = 0;
  while (!queue_.empty() && queue_.begin()->first.first <= until) {
    at_once = queue_.begin()->first.first > now_ ? 0 : at_once + 1;
    assert(at_once < max_at_once);
    auto node = queue_.extract(queue_.begin());
    forget(deadlines_.find(node.key().second));
    now_ = std::max(now_, node.key().first);
    node.mapped()();
  }
  now_ = std::max(now_, until);
}

void Timer::start(Duration delay, Timeline::Action action, TimerKind kind) {
  stop();
  id_ = timeline_.after(
      delay,
      [this, run = std::move(action)] {
        id_ = 0;
        run();
      },
      kind);
}

void Timer::stop() {
  if (id_ != 0) timeline_.cancel(id_);
  id_ = 0;
}

}  // namespace at
