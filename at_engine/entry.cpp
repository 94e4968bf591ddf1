#include "at_engine/entry.hpp"

namespace at {
namespace {

constexpr char ctrl_z = 0x1A;
constexpr char esc = 0x1B;

}  // namespace

Entry::Entry(std::shared_ptr<Prompt> prompt, Time now) : prompt_(std::move(prompt)), escape_(now) {
  data_.reserve(prompt_->length);
}

Entry::Step Entry::feed(char byte, Time now) {
  if (prompt_->ending == Prompt::Ending::ctrl_z) {
    if (byte == ctrl_z) return Step::complete;
    if (byte == esc) return Step::cancelled;
    if (data_.size() < prompt_->length) data_ += byte;
    return Step::more;
  }
  data_ += byte;
  if (prompt_->ending != Prompt::Ending::length) escape_.feed(byte, now);
  if (data_.size() < prompt_->length) return Step::more;
  escape_.forget();
  return Step::complete;
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
