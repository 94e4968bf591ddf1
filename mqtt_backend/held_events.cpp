#include "mqtt_backend/held_events.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace mqtt_backend {
namespace {

std::size_t bytes_of(const LinkEvent& event) {
  const auto* message = std::get_if<link_event::Message>(&event);
  return message == nullptr ? 0 : message->topic.size() + message->payload.size();
}

}  // namespace

void HeldEvents::push(LinkEvent event, at::Time not_before, at::Time no_later) {
  const auto bytes = bytes_of(event);
  const auto number = ++pushed_;
  held_.push_back({std::move(event), not_before, bytes, number});
  while (!latest_.empty() && latest_.back().no_later >= no_later) latest_.pop_back();
  latest_.push_back({no_later, number});
  bytes_ += bytes;
  measure();
}

LinkEvent HeldEvents::pop() {
  auto first = std::move(held_.front());
  held_.pop_front();
  if (latest_.front().number == first.number) latest_.pop_front();
  bytes_ -= first.bytes;
  measure();
  return std::move(first.event);
}

void HeldEvents::clear() {
  held_.clear();
  latest_.clear();
  bytes_ = 0;
  full_ = false;
}

at::Time HeldEvents::due() const {
  assert(!held_.empty());
  return std::min(held_.front().not_before, latest_.front().no_later);
}

void HeldEvents::measure() {
  const bool over = bytes_ >= max_bytes || held_.size() >= max_events;
  const bool room = bytes_ <= max_bytes / 2 && held_.size() <= max_events / 2;
  if (over && !full_) ++episodes_;
  full_ = full_ ? !room : over;
}

}  // namespace mqtt_backend
