#include "command_line/one_line.hpp"

#include <iterator>

#include <fmt/format.h>

namespace command_line {

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= ' ' && byte != 0x7F)
      line += c;
    else
      fmt::format_to(std::back_inserter(line), "\\x{:02X}", byte);
  }
  return line;
}

}  // namespace command_line
