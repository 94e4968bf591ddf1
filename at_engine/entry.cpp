#include "at_engine/entry.hpp"

namespace at {
namespace {

constexpr char ctrl_z = 0x1A;
constexpr char escape = 0x1B;

}  // namespace

Entry::Entry(std::shared_ptr<Prompt> prompt, Time now)
    : prompt_(std::move(prompt)), last_byte_(now) {
  data_.reserve(prompt_->length);
}

Entry::Step Entry::feed(char byte, Time now) {
  if (prompt_->ending == Prompt::Ending::ctrl_z) {
    if (byte == ctrl_z) return Step::complete;
    if (byte == escape) return Step::cancelled;
    if (data_.size() < prompt_->length) data_ += byte;
    return Step::more;
  }
  data_ += byte;
  if (prompt_->ending == Prompt::Ending::length_or_plus) count_pluses(byte, now);
  if (data_.size() < prompt_->length) return Step::more;
  pluses_ = 0;
  return Step::complete;
}

void Entry::count_pluses(char byte, Time now) {
  const bool after_silence = now - last_byte_ >= plus_guard;
  last_byte_ = now;
  const bool continues = pluses_ > 0 && pluses_ < 3 && !after_silence;
  pluses_ = byte == '+' && (after_silence || continues) ? (continues ? pluses_ + 1 : 1) : 0;
}

bool Entry::wants_acknowledgement() const {
  return prompt_->acknowledge_every > 0 && data_.size() % prompt_->acknowledge_every == 0;
}

std::string Entry::take() {
  if (escaping()) data_.resize(data_.size() - 3);
  return std::move(data_);
}

bool Entry::echoes(bool channel_echo) const {
  switch (prompt_->echo) {
    case Prompt::Echo::always:
      return true;
    case Prompt::Echo::never:
      return false;
    case Prompt::Echo::as_set:
      break;
  }
  return channel_echo;
}

}  // namespace at
