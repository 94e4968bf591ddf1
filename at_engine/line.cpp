#include "at_engine/line.hpp"

#include "at_engine/text.hpp"

#include <algorithm>
#include <utility>

namespace at {
namespace {

constexpr std::size_t prefix_bytes = 2;  // "AT"
constexpr char ctrl_z = 0x1A;

}  // namespace

Line::Event Line::feed(char byte, Time now, char s3, char s5) {
  if (state_ == State::surplus) {
    if (now - surplus_time_ >= surplus_gap) state_ = State::outside;
    // A host that has read the OK and goes on starts a piece of its own.
    if (now > surplus_time_) {
      boundary_ = true;
      in_word_ = false;
    }
    surplus_time_ = now;
  }
  return state_ == State::line ? inside(byte, s3, s5) : outside(byte, s3);
}

std::size_t Line::feed_plain(std::string_view bytes, char s3, char s5) {
  if (state_ != State::line) return 0;
  const auto size = static_cast<std::size_t>(
      std::find_if(bytes.begin(), bytes.end(), [&](char c) { return c == s3 || c == s5; }) -
      bytes.begin());
  const auto fitting = std::min(size, max_bytes - prefix_bytes - text_.size());
  text_ += bytes.substr(0, fitting);
  overflow_ = overflow_ || fitting < size;
  return size;
}

void Line::discard_surplus(Time now) {
  drop();
  state_ = State::surplus;
  boundary_ = true;
  surplus_time_ = now;
}

void Line::drop() {
  state_ = State::outside;
  text_.clear();
  letter_a_ = in_word_ = false;
  line_start_ = true;
  overflow_ = false;
}

Line::Event Line::outside(char byte, char s3) {
  const bool behind_a = std::exchange(letter_a_, false);
  const bool behind_word = std::exchange(in_word_, is_letter(byte) || is_digit(byte));
  if (behind_a && upper(byte) == 'T') {
    drop();
    state_ = State::line;
    return Event::none;
  }
  if (behind_a && byte == '/' && line_start_) return Event::repeat;
  if (upper(byte) == 'A' && !behind_word && (state_ != State::surplus || boundary_)) {
    letter_a_ = true;
    boundary_ = false;
    return Event::none;
  }
  boundary_ = byte == '\r' || byte == '\n' || byte == ctrl_z || byte == s3;
  if (byte == s3)
    line_start_ = true;
  else if (behind_a || !is_control(byte))
    line_start_ = false;
  return Event::none;
}

Line::Event Line::inside(char byte, char s3, char s5) {
  if (byte == s3) {
    const auto event = overflow_ ? Event::too_long : Event::line;
    state_ = State::outside;
    line_start_ = true;
    overflow_ = false;
    return event;
  }
  if (byte == s5) {
    if (!text_.empty()) {
      text_.pop_back();
    } else {
      drop();
      letter_a_ = true;
    }
    return Event::none;
  }
  feed_plain({&byte, 1}, s3, s5);
  return Event::none;
}

}  // namespace at
