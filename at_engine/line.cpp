#include "at_engine/line.hpp"

namespace at {
namespace {

constexpr std::size_t prefix_bytes = 2;  // "AT"
constexpr char ctrl_z = 0x1A;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

}  // namespace

Line::Step Line::feed(char byte, Time now, char s3, char s5) {
  if (state_ == State::surplus) {
    if (now - surplus_time_ >= surplus_gap) state_ = State::outside;
    // A host that has read the OK and goes on starts a piece of its own.
    if (now > surplus_time_) boundary_ = true;
    surplus_time_ = now;
  }
  return state_ == State::line ? inside(byte, s3, s5) : outside(byte, s3);
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
  letter_a_ = 0;
  line_start_ = true;
  overflow_ = false;
}

Line::Step Line::outside(char byte, char s3) {
  const char previous = letter_a_;
  letter_a_ = 0;
  if (byte == 'T' || byte == 't') {
    if (previous != 0) {
      letter_a_ = previous;
      return begin_line(byte);
    }
  }
  if (byte == '/' && previous != 0 && line_start_) {
    echo_ = {previous, byte};
    return {Event::repeat, echo_};
  }
  if (byte == 'A' || byte == 'a') {
    if (state_ == State::surplus && !boundary_) return {};
    if (previous != 0) line_start_ = false;
    letter_a_ = byte;
    boundary_ = false;
    return {};
  }
  boundary_ = byte == '\r' || byte == '\n' || byte == ctrl_z || byte == s3;
  if (byte == s3)
    line_start_ = true;
  else if (previous != 0 || !is_control(byte))
    line_start_ = false;
  return {};
}

Line::Step Line::begin_line(char byte) {
  echo_ = {letter_a_, byte};
  drop();
  state_ = State::line;
  return {Event::none, echo_};
}

Line::Step Line::inside(char byte, char s3, char s5) {
  if (byte == s3) {
    state_ = State::outside;
    line_start_ = true;
    const auto event = overflow_ ? Event::too_long : Event::line;
    overflow_ = false;
    return echo(event, byte);
  }
  if (byte == s5) {
    if (!text_.empty()) {
      text_.pop_back();
    } else {
      drop();
      letter_a_ = 'A';
    }
    return echo(Event::none, byte);
  }
  if (text_.size() + prefix_bytes < max_bytes)
    text_ += byte;
  else
    overflow_ = true;
  return echo(Event::none, byte);
}

Line::Step Line::echo(Event event, char byte) {
  echo_ = byte;
  return {event, echo_};
}

}  // namespace at
