#include "emulator/pace.hpp"

#include <algorithm>
#include <numeric>

#include <spdlog/spdlog.h>

namespace emulator {
namespace {

constexpr std::int64_t bits_per_byte = 10;
constexpr std::int64_t second_us = 1'000'000;
constexpr std::size_t least_forgotten = 4096;

}  // namespace

at::Duration Pace::time_for(std::size_t bytes) const {
  return at::Duration(static_cast<std::int64_t>(bytes) * bits_per_byte * second_us / line_.rate);
}

void Pace::write(std::string_view bytes) {
  if (waiting_.size() - sent_ + bytes.size() > max_waiting) {
    if (lost_ == told_) spdlog::warn("pace: the line cannot keep up; output is lost");
    lost_ += bytes.size();
    return;
  }
  if (waiting_.empty()) began_ = ran_dry_.value_or(timeline_.now());
  waiting_ += bytes;
  if (!timer_.running()) send_due();
}

void Pace::set_line(const at::SerialLine& line) {
  if (sent_ < waiting_.size()) port_.write(std::string_view(waiting_).substr(sent_));
  end_episode();
  timer_.stop();
  line_ = line;
  if (line_.rate == 0) line_.rate = at::SerialLine{}.rate;
  port_.set_line(line);
}

void Pace::send_due() {
  const auto elapsed = timeline_.now() - began_;
  const auto due = std::min<std::size_t>(
      waiting_.size(),
      static_cast<std::size_t>(elapsed.count() * line_.rate / (bits_per_byte * second_us)));
  if (due > sent_) port_.write(std::string_view(waiting_).substr(sent_, due - sent_));
  sent_ = due;
  const auto whole = time_for(waiting_.size()) + at::Duration(1);
  if (sent_ == waiting_.size()) {
    // Who has waited for that leaves no gap, though this program is a little late.
    const auto now = timeline_.now();
    ran_dry_ = std::clamp(began_ + whole, now - most_made_good, now);
    end_episode();
    if (drained_) drained_();
    ran_dry_.reset();
    return;
  }
  const auto next = time_for(sent_ + 1) + at::Duration(1) - elapsed;
  timer_.start(std::min(std::max(step, next), whole - elapsed), [this] { send_due(); });
  if (sent_ > std::max(waiting_.size() / 2, least_forgotten)) forget_sent();
}

/// Only as many bytes as take whole microseconds, so that the rate stays exact.
void Pace::forget_sent() {
  const auto whole = static_cast<std::size_t>(
      line_.rate / std::gcd<std::int64_t>(line_.rate, bits_per_byte * second_us));
  const auto gone = sent_ - sent_ % whole;
  began_ += time_for(gone);
  waiting_.erase(0, gone);
  sent_ -= gone;
}

void Pace::end_episode() {
  waiting_.clear();
  sent_ = 0;
  if (lost_ != told_) spdlog::warn("pace: {} bytes were lost", lost_ - told_);
  told_ = lost_;
}

}  // namespace emulator
