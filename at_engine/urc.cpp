#include "at_engine/urc.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace at {

void UrcQueue::push(WaitingLine line) {
  if (lines_.size() == max_lines || bytes_ + line.text.size() > max_bytes) {
    if (dropped_++ == dropped_before_)
      log_.warning(fmt::format("{}: {} URCs wait ({} bytes); more are dropped", name_,
                               lines_.size(), bytes_));
    return;
  }
  bytes_ += line.text.size();
  lines_.push_back(std::move(line));
  most_ = std::max(most_, lines_.size());
}

WaitingLine UrcQueue::pop() {
  auto line = std::move(lines_.front());
  lines_.pop_front();
  bytes_ -= line.text.size();
  if (lines_.empty()) end_episode();
  return line;
}

void UrcQueue::clear() {
  lines_.clear();
  bytes_ = 0;
  end_episode();
}

void UrcQueue::end_episode() {
  if (dropped_ == dropped_before_) return;
  log_.warning(fmt::format("{}: {} URCs were dropped", name_, dropped_ - dropped_before_));
  dropped_before_ = dropped_;
}

}  // namespace at
