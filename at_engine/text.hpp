// ASCII text: case, blanks, hex digits. Locale plays no part; bytes over 0x7F stay as they are.
// Pure; used by every room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace at {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return upper(c) >= 'A' && upper(c) <= 'Z'; }
/// Below the blank; DEL is none.
constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

/// The value of a hex digit, -1 for anything else.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// True when every byte is a visible ASCII character (or a blank, if `blanks` says so).
bool is_printable(std::string_view text, bool blanks = false);
/// True for a text that is not empty and has nothing but decimal digits.
bool is_number(std::string_view text);

/// Without the blanks (0x20 alone) around it.
std::string_view trim(std::string_view text);

enum class HexCase { lower, upper };

/// Two hex digits a byte.
std::string hex(std::string_view bytes, HexCase shown = HexCase::lower);
/// The bytes that pairs of hex digits of any case stand for; nothing when it is no such text.
std::optional<std::string> unhex(std::string_view digits);

}  // namespace at
