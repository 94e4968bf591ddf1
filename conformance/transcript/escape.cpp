#include "conformance/transcript/escape.hpp"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace transcript {
namespace {

char byte_of(std::string_view digits) {
  constexpr std::size_t length = 2;
  constexpr int hexadecimal = 16;
  unsigned char byte = 0;
  const auto* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, byte, hexadecimal);
  if (digits.size() != length || error != std::errc{} || end != last)
    throw std::runtime_error(fmt::format("\\x needs two hex digits, not \"{}\"", digits));
  return static_cast<char>(byte);
}

}  // namespace

std::string escaped(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r')
      text += "\\r";
    else if (c == '\n')
      text += "\\n";
    else if (c == '\\')
      text += "\\\\";
    else if (byte < 0x20 || byte >= 0x7F)
      text += fmt::format("\\x{:02x}", byte);
    else
      text += c;
  }
  return text;
}

std::string unescaped(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
      continue;
    }
    if (++i == text.size()) throw std::runtime_error("a backslash at the end");
    switch (text[i]) {
      case 'r':
        bytes += '\r';
        break;
      case 'n':
        bytes += '\n';
        break;
      case 's':
        bytes += ' ';
        break;
      case '\\':
        bytes += '\\';
        break;
      case '"':
        bytes += '"';
        break;
      case 'x':
        bytes += byte_of(text.substr(i + 1, 2));
        i += 2;
        break;
      default:
        throw std::runtime_error(fmt::format("unknown escape \\{}", text[i]));
    }
  }
  return bytes;
}

}  // namespace transcript
