#include "emulator/ctl/escapes.hpp"

#include <charconv>

namespace emulator::ctl {
namespace {

std::optional<char> plain_escape(char letter) {
  switch (letter) {
    case 'r':
      return '\r';
    case 'n':
      return '\n';
    case 's':
      return ' ';
    case '\\':
    case '"':
      return letter;
    default:
      return std::nullopt;
  }
}

std::optional<char> byte_of(std::string_view digits) {
  constexpr int hexadecimal = 16;
  unsigned char byte = 0;
  const auto* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, byte, hexadecimal);
  if (digits.size() != 2 || error != std::errc{} || end != last) return std::nullopt;
  return static_cast<char>(byte);
}

}  // namespace

std::optional<std::string> unescaped(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const bool escape = text.front() == '\\';
    const bool is_byte = escape && text.size() > 1 && text[1] == 'x';
    std::optional<char> next = text.front();
    if (escape) next = text.size() > 1 ? plain_escape(text[1]) : std::nullopt;
    if (is_byte) next = byte_of(text.substr(2, 2));
    if (!next) return std::nullopt;
    bytes += *next;
    text.remove_prefix(is_byte ? 4 : escape ? 2 : 1);
  }
  return bytes;
}

}  // namespace emulator::ctl
