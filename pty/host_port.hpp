// What the emulator sees of the host side: a port that bytes come in from and go out to, and whose
// host may come and go. Implemented by the pseudo-terminal, TCP, serial and stdio ports.
// Owned by the emulator; everything happens on its io_context thread.
#pragma once

#include "at_engine/port.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pty {

/// The modem lines that the host sets, as far as the port can see them.
struct HostLines {
  bool dtr = true;
  bool operator==(const HostLines&) const = default;
};

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
    /// The host has taken all that waited for it. May be empty.
    std::function<void()> drained;
    /// The host's lines are other ones now; only after watch_line(). May be empty.
    std::function<void(const HostLines& lines)> lines_changed;
  };

  /// Begins to serve. Call once.
  virtual void start(Events events) = 0;

  /// Ends service, closes everything and removes what was put into the file system.
  virtual void stop() = 0;

  /// Is gone for its host, as when a cable is pulled, until come_back(). Not from inside an event.
  /// A port that cannot be pulled stays.
  virtual void vanish() {}
  virtual void come_back() {}

  /// Looks at the host's rate and lines from now on; before start(). A port without a line, or with
  /// a real one, has nothing to look at.
  virtual void watch_line() {}

  /// The rate to which the host has set its side, in baud; 0 while it is hung up. Nothing when the
  /// port does not tell.
  [[nodiscard]] virtual std::optional<int> host_rate() const { return std::nullopt; }

  /// What waits for the host, and what it, or the kernel for it, has taken in all; in bytes.
  struct Backlog {
    std::size_t waiting = 0;
    std::uint64_t taken = 0;
  };
  [[nodiscard]] virtual Backlog backlog() const = 0;

  /// "pty", "tcp", "serial" or "stdio".
  [[nodiscard]] virtual std::string kind() const = 0;

  /// What a host opens: a path, or host:port.
  [[nodiscard]] virtual std::string address() const = 0;
};

}  // namespace pty
