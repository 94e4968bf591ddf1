// The way of a host to its modem, as the host sees it. Implemented by what really opens ports, and
// by tests.
#pragma once

#include <string_view>

namespace storm {

class HostPort {
 public:
  virtual ~HostPort() = default;

  /// Answered by Host::port_opened() or Host::port_closed(), but not before this has returned.
  virtual void open() = 0;

  /// `bytes` are taken at once, to be sent as the modem takes them.
  virtual void write(std::string_view bytes) = 0;

  /// Nothing is heard of it any more. Does nothing with a port that is closed.
  virtual void close() = 0;
};

}  // namespace storm
