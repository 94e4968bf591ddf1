// Bytes of the host become command lines: finds "AT", edits with backspace, knows A/, and discards
// what is left over of a payload. Owned by the Terminal.
// Realises V.250 5.2, GRAM-1, GRAM-11 and PUB-3.
#pragma once

#include "at_engine/timeline.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace at {

class Line {
 public:
  /// Most bytes of a line, its "AT" included, its CR not (GRAM-11).
  static constexpr std::size_t max_bytes = 4096;

  enum class Event {
    none,      // nothing to do
    line,      // a line is complete: text() is what follows "AT"
    too_long,  // a line ended that did not fit
    repeat,    // A/: the previous line is to be run again
  };

  /// Takes one byte. `now` tells bursts apart; S3 and S5 are the line end and the backspace.
  Event feed(char byte, Time now, char s3, char s5);

  /// Takes the bytes in front that neither end nor edit the line begun; how many there were.
  std::size_t feed_plain(std::string_view bytes, char s3, char s5);

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

  Event outside(char byte, char s3);
  Event inside(char byte, char s3, char s5);

  State state_ = State::outside;
  std::string text_;
  bool letter_a_ = false;   // an A was just seen, which T or / may follow
  bool in_word_ = false;    // the last byte was a letter or digit: AT here is part of a word
  bool line_start_ = true;  // nothing but control characters since the last CR
  bool boundary_ = true;    // surplus: AT would be a command here
  bool overflow_ = false;
  Time surplus_time_{};
};

}  // namespace at
