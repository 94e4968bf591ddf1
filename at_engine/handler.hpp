// A member function of a command family that answers one form of a command. It takes what it needs:
// nothing, the arguments, or the whole call. Plain constexpr data, part of a Command.
#pragma once

#include "at_engine/call.hpp"
#include "at_engine/outcome.hpp"

#include <cassert>

namespace at {

template <class Family>
class Handler {
 public:
  using Plain = Outcome (Family::*)();
  using WithArgs = Outcome (Family::*)(const Args&);
  using WithCall = Outcome (Family::*)(const Call&);

  constexpr Handler() = default;
  // Implicit, so that a row names the function and nothing else.
  constexpr Handler(Plain f) : takes_(Takes::nothing), plain_(f) {}
  constexpr Handler(WithArgs f) : takes_(Takes::args), with_args_(f) {}
  constexpr Handler(WithCall f) : takes_(Takes::call), with_call_(f) {}

  constexpr explicit operator bool() const { return takes_ != Takes::absent; }

  /// Only of one that is there.
  Outcome operator()(Family& family, const Call& call) const {
    assert(takes_ != Takes::absent);
    if (takes_ == Takes::nothing) return (family.*plain_)();
    if (takes_ == Takes::args) return (family.*with_args_)(call.args);
    return (family.*with_call_)(call);
  }

 private:
  enum class Takes : unsigned char { absent, nothing, args, call };

  Takes takes_ = Takes::absent;
  union {
    Plain plain_ = nullptr;
    WithArgs with_args_;
    WithCall with_call_;
  };
};

}  // namespace at
