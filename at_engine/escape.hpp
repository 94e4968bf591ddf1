// The escape sequence of a data mode: "+++" between two silences of a second, with nothing else
// near it. Owned by whoever takes in the data.
#pragma once

#include "at_engine/timeline.hpp"

namespace at {

class Escape {
 public:
  /// Silence before and after "+++".
  static constexpr Duration guard = std::chrono::seconds(1);

  explicit Escape(Time now) : last_byte_(now) {}

  void feed(char byte, Time now) {
    const bool after_silence = now - last_byte_ >= guard;
    last_byte_ = now;
    const bool continues = pluses_ > 0 && pluses_ < 3 && !after_silence;
    pluses_ = byte == '+' && (after_silence || continues) ? (continues ? pluses_ + 1 : 1) : 0;
  }

  /// So many bytes of the sequence came last; after three, silence for `guard` completes it.
  [[nodiscard]] int pluses() const { return pluses_; }
  [[nodiscard]] bool complete() const { return pluses_ == 3; }

  void forget() { pluses_ = 0; }

 private:
  Time last_byte_;
  int pluses_ = 0;
};

}  // namespace at
