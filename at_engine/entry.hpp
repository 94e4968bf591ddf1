// Data entry behind '>' or CONNECT: collects the announced bytes, whatever their values. Owned by
// the Terminal while it is in data mode (GRAM-9, note 3.3.8).
#pragma once

#include "at_engine/outcome.hpp"

#include <memory>
#include <string>

namespace at {

class Entry {
 public:
  enum class Step { more, complete, cancelled };

  explicit Entry(std::shared_ptr<Prompt> prompt) : prompt_(std::move(prompt)) {
    data_.reserve(prompt_->length);
  }

  Step feed(char byte);

  [[nodiscard]] bool echoes(bool channel_echo) const;
  [[nodiscard]] const Prompt& prompt() const { return *prompt_; }
  [[nodiscard]] std::string take() { return std::move(data_); }

 private:
  std::shared_ptr<Prompt> prompt_;
  std::string data_;
};

}  // namespace at
