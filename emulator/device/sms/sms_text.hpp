// Text of short messages: the GSM default alphabet with its extension, packed in seven bits, and
// UCS-2; and what a host types and reads under +CSCS (23.038, 27.005). Text in between is UTF-16.
// Pure; no owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::device::sms {

/// +CSCS.
enum class Charset { gsm, ira, ucs2 };

/// Septets, one a byte, of a text; nothing when the alphabet lacks one of its characters.
std::optional<std::string> to_septets(std::u16string_view text);
std::u16string from_septets(std::string_view septets);

/// Septets packed into octets, `fill` bits after the start (behind a header).
std::string pack(std::string_view septets, unsigned fill = 0);
/// `count` septets out of octets.
std::string unpack(std::string_view octets, std::size_t count, unsigned fill = 0);

/// Big-endian UCS-2.
std::string to_ucs2(std::u16string_view text);
std::u16string from_ucs2(std::string_view octets);

/// What a host typed; nothing when it is no text of the charset (odd hex, 8-bit characters).
std::optional<std::u16string> typed(std::string_view bytes, Charset charset);
/// What a host is shown; characters that the charset lacks become '?'.
std::string shown(std::u16string_view text, Charset charset);

}  // namespace emulator::device::sms
