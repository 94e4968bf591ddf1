// What a handler is called with: the checked arguments, and who asks. Made by the Registry for the
// length of one call.
#pragma once

#include "at_engine/args.hpp"

namespace at {

/// The AT channel that gave a command; results that come later go back there. Numbers are never
/// used again, so the asker of a channel that is gone answers to nobody.
struct Asker {
  int channel = 0;  // 0: nobody asked

  friend bool operator==(Asker, Asker) = default;
};

struct Call {
  const Args& args;
  Asker asker{};
};

}  // namespace at
