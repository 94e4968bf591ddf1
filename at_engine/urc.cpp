#include "at_engine/urc.hpp"

#include <utility>

namespace at {

bool UrcQueue::push(std::string line) {
  if (lines_.size() == max_lines || bytes_ + line.size() > max_bytes) {
    ++dropped_;
    return false;
  }
  bytes_ += line.size();
  lines_.push_back(std::move(line));
  return true;
}

std::string UrcQueue::pop() {
  auto line = std::move(lines_.front());
  lines_.pop_front();
  bytes_ -= line.size();
  return line;
}

void UrcQueue::clear() {
  lines_.clear();
  bytes_ = 0;
}

}  // namespace at
