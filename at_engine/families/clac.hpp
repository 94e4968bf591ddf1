// +CLAC: the list of all commands that this channel knows (27.007 8.37). Owned by the Modem, one a
// channel.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/registry.hpp"

#include <array>

namespace at::families {

class Clac {
 public:
  explicit Clac(const Registry& registry) : registry_(registry) {}

  static const std::array<Command<Clac>, 1>& commands();

 private:
  Outcome list();

  const Registry& registry_;
};

}  // namespace at::families
