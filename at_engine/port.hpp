// The seam to the host: where a terminal's bytes go. One call is one atomic unit (a reply, a URC,
// a prompt) and becomes one write on the wire. Implemented by the ports of the pty room and by
// the tests' fake.
#pragma once

#include <string_view>

namespace at {

class Port {
 public:
  virtual ~Port() = default;

  /// Takes the bytes over; never blocks, never fails. Bytes for which no host listens are lost.
  virtual void write(std::string_view bytes) = 0;
};

}  // namespace at
