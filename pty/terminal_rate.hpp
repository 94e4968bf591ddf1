// The rate to which a terminal is set, also one without a name of its own (BOTHER). Used by
// PtyPort.
#pragma once

#include <optional>

namespace pty {

/// Baud of output; 0 stands for a line that is hung up. On the master of a pseudo-terminal it is
/// what the host has set. Nothing when `descriptor` is no terminal.
[[nodiscard]] std::optional<int> terminal_rate(int descriptor);

}  // namespace pty
