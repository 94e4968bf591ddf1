// Bytes of the host become command lines: finds "AT", edits with backspace, knows A/, and discards
// what is left over of a payload. Owned by the Terminal, which echoes what feed() tells it to.
// Realises V.250 5.2, GRAM-1, GRAM-11 and PUB-3.
#pragma once

#include "at_engine/timeline.hpp"

#include <string>
#include <string_view>

namespace at {

class Line {
 public:
  /// Most bytes of a line, its "AT" included, its CR not (GRAM-11).
  static constexpr std::size_t max_bytes = 4096;

  enum class Event {
    none,      // nothing to do but echo
    line,      // a line is complete: text() is what follows "AT"
    too_long,  // a line ended that did not fit
    repeat,    // A/: the previous line is to be run again
  };
  struct Step {
    Event event = Event::none;
    std::string_view echo{};  // the bytes that now belong to a line and are to be echoed
  };

  /// Takes one byte. `now` tells bursts apart; S3 and S5 are the line end and the backspace.
  Step feed(char byte, Time now, char s3, char s5);

  /// Silence after which surplus payload is over.
  static constexpr Duration surplus_gap = std::chrono::milliseconds(20);

  /// Of what follows a payload, everything is dropped up to "AT" behind CR, LF or 0x1A, "AT" at the
  /// start of a later piece, or a silence (PUB-3).
  void discard_surplus(Time now);

  /// Forgets a line begun (its host is gone).
  void drop();

  /// True from "AT" to the end of the line.
  [[nodiscard]] bool begun() const { return state_ == State::line; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  enum class State {
    outside,  // before "AT": bytes are ignored
    surplus,  // behind a payload: bytes are dropped
    line,     // behind "AT"
  };

  Step outside(char byte, char s3);
  Step inside(char byte, char s3, char s5);
  Step begin_line(char byte);
  Step echo(Event event, char byte);

  State state_ = State::outside;
  std::string text_;
  std::string echo_;
  char letter_a_ = 0;       // the A (or a) just seen, which T or / may follow
  bool line_start_ = true;  // nothing but control characters since the last CR
  bool boundary_ = true;    // surplus: AT would be a command here
  bool overflow_ = false;
  Time surplus_time_{};
};

}  // namespace at
