#include "emulator/journal/journal.hpp"

#include <algorithm>
#include <utility>

namespace emulator::journal {

std::uint64_t Journal::add(at::Time at, Kind kind, std::vector<Field> fields) {
  events_.push_back({++last_, at, kind, std::move(fields)});
  bytes_ += events_.back().size();
  ++counts_[static_cast<std::size_t>(kind)];
  while (bytes_ > limit && events_.size() > 1) {
    bytes_ -= events_.front().size();
    events_.pop_front();
  }
  const auto number = last_;
  for (auto next = listeners_.begin(); next != listeners_.end();) {
    const auto listener = next->lock();
    if (listener) (*listener)(events_.back());
    next = listener ? std::next(next) : listeners_.erase(next);
  }
  return number;
}

Journal::Page Journal::since(std::uint64_t since, const Selection& selection,
                             std::size_t most) const {
  Page page;
  page.lost = since < lost() ? lost() - since : 0;
  const auto from = std::min(std::max(since + 1, first()), last_ + 1);
  page.next = std::max(since, from - 1);
  for (auto i = from - first(); i < events_.size() && page.events.size() < most; ++i) {
    const auto& event = events_[i];
    page.next = event.seq;
    if (selection.takes(event)) page.events.push_back(&event);
  }
  return page;
}

const std::string& Journal::line_of(const Event& event) {
  if (std::exchange(in_line_, event.seq) != event.seq) line_ = to_line(event);
  return line_;
}

Journal::Subscription Journal::subscribe(Listener listener) {
  auto subscription = std::make_shared<Listener>(std::move(listener));
  listeners_.push_back(subscription);
  return subscription;
}

}  // namespace emulator::journal
