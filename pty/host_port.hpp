// What the emulator sees of the host side: a port that bytes come in from and go out to, and whose
// host may come and go. Implemented by the pseudo-terminal, TCP, serial and stdio ports.
// Owned by the emulator; everything happens on its io_context thread.
#pragma once

#include "at_engine/port.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace pty {

class HostPort : public at::Port {
 public:
  /// Never called from inside write(), start() or stop(). `opened` and `closed` tell of a host that
  /// comes and goes; they alternate, beginning with `opened`, and bytes come only between the two.
  struct Events {
    std::function<void(std::string_view bytes)> received;
    std::function<void()> opened;
    std::function<void()> closed;
    /// The person at the terminal asked to leave (stdio only). May be empty.
    std::function<void()> quit;
    /// The port is lost for good; one line that says why. May be empty.
    std::function<void(const std::string& why)> failed;
  };

  /// Begins to serve. Call once.
  virtual void start(Events events) = 0;

  /// Ends service, closes everything and removes what was put into the file system.
  virtual void stop() = 0;

  /// "pty", "tcp", "serial" or "stdio".
  [[nodiscard]] virtual std::string kind() const = 0;

  /// What a host opens: a path, or host:port.
  [[nodiscard]] virtual std::string address() const = 0;
};

}  // namespace pty
