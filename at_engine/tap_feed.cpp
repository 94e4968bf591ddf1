#include "at_engine/tap_feed.hpp"

#include <algorithm>

namespace at {

void TapFeed::heard(char byte) {
  if (tap_ == nullptr) return;
  (file_expected_ ? file_ : heard_) += byte;
  if (file_.size() >= max_kept) pass_file();
}

void TapFeed::expect_file() {
  pass_heard();
  file_expected_ = true;
}

void TapFeed::line_began() {
  constexpr std::size_t prefix_bytes = 2;  // "AT"
  line_at_ = file_.size() - std::min(file_.size(), prefix_bytes);
}

void TapFeed::line_was_command() {
  file_expected_ = false;
  heard_ += file_.substr(line_at_);
  file_.resize(line_at_);
  pass_file();
}

void TapFeed::pass_heard() {
  if (!heard_.empty()) tap_->passed(Tap::Direction::from_host, std::exchange(heard_, {}));
}

void TapFeed::pass_file() {
  line_at_ = 0;
  if (!file_.empty()) tap_->file_passed(Tap::Direction::from_host, std::exchange(file_, {}));
}

void TapFeed::echoed(std::string_view bytes, bool of_file) {
  if (tap_ == nullptr || bytes.empty()) return;
  if (of_file)
    tap_->file_passed(Tap::Direction::to_host, bytes);
  else
    tap_->passed(Tap::Direction::to_host, bytes);
}

void TapFeed::said(std::string_view unit, const std::vector<Span>& files) {
  if (tap_ == nullptr) return;
  std::size_t done = 0;
  const auto say_until = [&](std::size_t end) {
    if (end > done) tap_->passed(Tap::Direction::to_host, unit.substr(done, end - done));
    done = end;
  };
  for (const auto& [place, size] : files) {
    say_until(place);
    tap_->file_passed(Tap::Direction::to_host, unit.substr(place, size));
    done = place + size;
  }
  say_until(unit.size());
}

void TapFeed::dropped(std::string_view bytes) {
  if (tap_ != nullptr && !bytes.empty()) tap_->file_passed(Tap::Direction::from_host, bytes);
}

}  // namespace at
