// The payload of a test message: the tag of the run, the number of the message, and letters up to
// the size that is wanted. Printable without quotes, so that it stands in a +QMTRECV as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace storm {

constexpr std::size_t tag_size = 8;
constexpr std::size_t sequence_digits = 10;
/// "TAG SEQUENCE ", in bytes.
constexpr std::size_t min_payload = tag_size + sequence_digits + 2;

/// `tag` has tag_size characters, `size` is min_payload at least.
[[nodiscard]] std::string message_payload(std::string_view tag, std::uint32_t sequence,
                                          std::size_t size);

/// The number of a message that bears this tag. What follows is not looked at.
[[nodiscard]] std::optional<std::uint32_t> sequence_of(std::string_view payload,
                                                       std::string_view tag);

}  // namespace storm
