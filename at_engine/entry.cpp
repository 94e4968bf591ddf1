#include "at_engine/entry.hpp"

namespace at {
namespace {

constexpr char ctrl_z = 0x1A;
constexpr char escape = 0x1B;

}  // namespace

Entry::Step Entry::feed(char byte) {
  if (prompt_->ending == Prompt::Ending::ctrl_z) {
    if (byte == ctrl_z) return Step::complete;
    if (byte == escape) return Step::cancelled;
    if (data_.size() < prompt_->length) data_ += byte;
    return Step::more;
  }
  data_ += byte;
  return data_.size() == prompt_->length ? Step::complete : Step::more;
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
