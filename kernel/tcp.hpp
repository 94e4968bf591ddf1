// What the kernel knows of a TCP connection, or does with it, that sockets of every system do not
// have. Another system answers "unknown", or does nothing. Pure calls; no owner.
#pragma once

#include <cstddef>
#include <optional>

namespace kernel {

/// Bytes given to the kernel that the peer's TCP has not acknowledged; nothing when that cannot be
/// known, as of a socket that is closed.
[[nodiscard]] std::optional<std::size_t> unacknowledged_bytes(int socket);

/// Whether the peer's TCP has acknowledged the end of what we send, or is gone; also where that
/// cannot be known.
[[nodiscard]] bool end_is_acknowledged(int socket);

/// Ends a connection whose peer has acknowledged nothing for so long.
void give_up_after(int socket, int seconds);

struct KeepAlive {
  int idle_s = 0;
  int interval_s = 0;
  int probes = 0;
};
/// Asks a silent peer whether it is there.
void keep_alive(int socket, const KeepAlive& how);

/// Acknowledges at once what comes next. The kernel forgets it after every few segments.
void acknowledge_at_once(int socket);

}  // namespace kernel
