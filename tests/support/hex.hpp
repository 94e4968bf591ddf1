// Bytes as contracts quote them: "7E FF 03". Independent of what is under test. Free functions.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace support {

/// The bytes of digits in pairs; what is no digit of "0123456789ABCDEF" parts them.
inline std::string hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    const auto value = digits.find(c);
    if (value == digits.npos) continue;
    if (high < 0)
      high = static_cast<int>(value);
    else
      bytes += static_cast<char>(std::exchange(high, -1) * 16 + static_cast<int>(value));
  }
  return bytes;
}

inline std::string shown(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes)
    text += fmt::format("{}{:02X}", text.empty() ? "" : " ", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace support
