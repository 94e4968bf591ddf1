// Frames of PPP made and opened bit by bit, by nothing
// that is under test.
#pragma once

#include "tests/support/hex.hpp"

#include <string>
#include <string_view>

namespace ppp_test {

using support::hex;
using support::shown;

/// The check over `bytes`, a bit at a time.
inline unsigned slow_fcs(std::string_view bytes) {
  unsigned fcs = 0xFFFF;
  for (const char byte : bytes)
    for (unsigned bit = 0; bit < 8; ++bit) {
      const unsigned in = (static_cast<unsigned char>(byte) >> bit) & 1U;
      const bool carries = ((fcs ^ in) & 1U) != 0;
      fcs = (fcs >> 1U) ^ (carries ? 0x8408U : 0U);
    }
  return fcs ^ 0xFFFFU;
}

/// A host's frame: FF 03 and everything below 20 escaped.
inline std::string framed(std::string_view packet, std::string_view head = "\xFF\x03") {
  std::string plain(head);
  plain += packet;
  const auto fcs = slow_fcs(plain);
  plain += static_cast<char>(fcs & 0xFFU);
  plain += static_cast<char>(fcs >> 8U);
  std::string line = "\x7E";
  for (const char byte : plain) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 0x20 || value == 0x7D || value == 0x7E) {
      line += '\x7D';
      line += static_cast<char>(value ^ 0x20);
    } else {
      line += byte;
    }
  }
  return line + '\x7E';
}

/// What is in a frame between its flags, or "bad: ..." and the frame. FF 03 is taken off, a
/// protocol of one octet is made two.
inline std::string opened(std::string_view line) {
  const auto bad = "bad: " + shown(line);
  if (line.size() < 2 || line.front() != 0x7E || line.back() != 0x7E) return bad;
  std::string plain;
  bool escaped = false;
  for (const char byte : line.substr(1, line.size() - 2)) {
    if (byte == 0x7E) return bad;
    if (escaped)
      plain += static_cast<char>(byte ^ 0x20);
    else if (byte != 0x7D)
      plain += byte;
    escaped = !escaped && byte == 0x7D;
  }
  if (escaped || plain.size() < 4) return bad;
  const auto fcs = slow_fcs(std::string_view(plain).substr(0, plain.size() - 2));
  if (static_cast<unsigned char>(plain[plain.size() - 2]) != (fcs & 0xFFU)) return bad;
  if (static_cast<unsigned char>(plain.back()) != fcs >> 8U) return bad;
  plain.resize(plain.size() - 2);
  if (plain.starts_with("\xFF\x03")) plain.erase(0, 2);
  if ((static_cast<unsigned char>(plain.front()) & 1U) != 0) plain.insert(0, 1, '\0');
  return plain;
}

}  // namespace ppp_test
