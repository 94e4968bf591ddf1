// What a serial receiver makes of bytes that were sent at another rate: 8 data bits, no parity, one
// stop bit, sampled in the middle of its own bits. Pure.
#pragma once

#include <string>
#include <string_view>

namespace pty {

/// True when a receiver at `theirs` baud understands what is sent at `ours`: within 3 %.
[[nodiscard]] bool rates_agree(int ours, int theirs);

/// The bytes that arrive when each of `bytes` is sent, after a rest, at `sent_at` baud and sampled
/// at `sampled_at`. A frame without a stop bit is dropped.
[[nodiscard]] std::string as_received(std::string_view bytes, int sent_at, int sampled_at);

}  // namespace pty
