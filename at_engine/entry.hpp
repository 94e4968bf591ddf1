// Data entry behind '>' or CONNECT: collects the announced bytes, whatever their values. Owned by
// the Terminal while it is in data mode (GRAM-9, note 3.3.8).
#pragma once

#include "at_engine/escape.hpp"
#include "at_engine/outcome.hpp"
#include "at_engine/timeline.hpp"

#include <memory>
#include <string>

namespace at {

class Entry {
 public:
  enum class Step { more, complete, cancelled };

  Entry(std::shared_ptr<Prompt> prompt, Time now);

  Step feed(char byte, Time now);

  /// True when the byte just taken is to be answered with an 'A'.
  [[nodiscard]] bool wants_acknowledgement() const;

  /// True while "+++" came last: silence for Escape::guard now ends the entry.
  [[nodiscard]] bool escaping() const { return escape_.complete(); }

  /// A drop of DTR ends the entry early.
  [[nodiscard]] bool heeds_dtr() const {
    return prompt_->ending == Prompt::Ending::length_or_leave;
  }

  [[nodiscard]] bool echoes(bool channel_echo) const;
  [[nodiscard]] const Prompt& prompt() const { return *prompt_; }

  /// What came, without the "+++" that ended it.
  [[nodiscard]] std::string take();

 private:
  std::shared_ptr<Prompt> prompt_;
  std::string data_;
  Escape escape_;
};

}  // namespace at
