// Who listens in on a channel (the trace). Contents of files come apart from the rest, so that a
// private key need not be written down. Implemented by the program; a terminal works without one.
#pragma once

#include <string_view>

namespace at {

class Tap {
 public:
  enum class Direction { from_host, to_host };

  virtual ~Tap() = default;

  virtual void passed(Direction direction, std::string_view bytes) = 0;

  /// Content of a file, or what a host sends after a command that takes one.
  virtual void file_passed(Direction direction, std::string_view content) = 0;
};

}  // namespace at
