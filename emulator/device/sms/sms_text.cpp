#include "emulator/device/sms/sms_text.hpp"

#include "at_engine/text.hpp"
#include "codec/digest.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace emulator::device::sms {
namespace {

constexpr char escape = 0x1B;

// 23.038, table 6.2.1, by code.
constexpr std::u16string_view alphabet =
    u"@\u00A3$\u00A5\u00E8\u00E9\u00F9\u00EC\u00F2\u00C7\n\u00D8\u00F8\r\u00C5\u00E5"
    u"\u0394_\u03A6\u0393\u039B\u03A9\u03A0\u03A8\u03A3\u0398\u039E\u001B\u00C6\u00E6\u00DF\u00C9"
    u" !\"#\u00A4%&'()*+,-./0123456789:;<=>?"
    u"\u00A1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00C4\u00D6\u00D1\u00DC\u00A7"
    u"\u00BFabcdefghijklmnopqrstuvwxyz\u00E4\u00F6\u00F1\u00FC\u00E0";
static_assert(alphabet.size() == 128);

// Table 6.2.1.1: behind an escape.
constexpr std::array<std::pair<char, char16_t>, 10> extension{{{0x0A, u'\f'},
                                                               {0x14, u'^'},
                                                               {0x28, u'{'},
                                                               {0x29, u'}'},
                                                               {0x2F, u'\\'},
                                                               {0x3C, u'['},
                                                               {0x3D, u'~'},
                                                               {0x3E, u']'},
                                                               {0x40, u'|'},
                                                               {0x65, u'\u20AC'}}};

}  // namespace

std::optional<std::string> to_septets(std::u16string_view text) {
  std::string septets;
  for (const char16_t c : text) {
    const auto code = alphabet.find(c);
    if (code != std::u16string_view::npos && c != u'\x1B') {
      septets += static_cast<char>(code);
      continue;
    }
    const auto extended = std::find_if(extension.begin(), extension.end(),
                                       [c](const auto& row) { return row.second == c; });
    if (extended == extension.end()) return std::nullopt;
    septets += escape;
    septets += extended->first;
  }
  return septets;
}

std::u16string from_septets(std::string_view septets) {
  std::u16string text;
  for (std::size_t i = 0; i < septets.size(); ++i) {
    if (septets[i] != escape) {
      text += alphabet[static_cast<std::size_t>(septets[i] & 0x7F)];
      continue;
    }
    if (++i == septets.size()) break;
    const auto extended = std::find_if(extension.begin(), extension.end(),
                                       [&](const auto& row) { return row.first == septets[i]; });
    // A code without meaning is shown as the default alphabet has it.
    text += extended != extension.end() ? extended->second
                                        : alphabet[static_cast<std::size_t>(septets[i] & 0x7F)];
  }
  return text;
}

std::string pack(std::string_view septets, unsigned fill) {
  std::string octets((septets.size() * 7 + fill + 7) / 8, '\0');
  std::size_t bit = fill;
  for (const char septet : septets) {
    const auto value = static_cast<unsigned>(septet & 0x7F) << (bit % 8);
    octets[bit / 8] =
        static_cast<char>(static_cast<unsigned char>(octets[bit / 8]) | (value & 0xFFU));
    if (value > 0xFFU) octets[bit / 8 + 1] = static_cast<char>(value >> 8U);
    bit += 7;
  }
  return octets;
}

std::string unpack(std::string_view octets, std::size_t count, unsigned fill) {
  std::string septets;
  std::size_t bit = fill;
  for (; septets.size() < count && bit + 7 <= octets.size() * 8; bit += 7) {
    unsigned value = static_cast<unsigned char>(octets[bit / 8]);
    if (bit / 8 + 1 < octets.size())
      value |= static_cast<unsigned>(static_cast<unsigned char>(octets[bit / 8 + 1])) << 8U;
    septets += static_cast<char>(value >> (bit % 8) & 0x7FU);
  }
  return septets;
}

std::string to_ucs2(std::u16string_view text) {
  std::string octets;
  for (const char16_t c : text) {
    octets += static_cast<char>(c >> 8U);
    octets += static_cast<char>(c & 0xFFU);
  }
  return octets;
}

std::u16string from_ucs2(std::string_view octets) {
  std::u16string text;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2)
    text += static_cast<char16_t>(static_cast<unsigned char>(octets[i]) << 8U |
                                  static_cast<unsigned char>(octets[i + 1]));
  return text;
}

std::optional<std::u16string> typed(std::string_view bytes, Charset charset) {
  if (charset == Charset::ucs2) {
    const auto octets = at::unhex(bytes);
    if (!octets || octets->size() % 2 != 0) return std::nullopt;
    return from_ucs2(*octets);
  }
  const bool seven_bit = std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0x80U) == 0;
  });
  if (!seven_bit) return std::nullopt;
  if (charset == Charset::gsm) return from_septets(bytes);
  return std::u16string(bytes.begin(), bytes.end());
}

std::string shown(std::u16string_view text, Charset charset) {
  if (charset == Charset::ucs2) {
    auto digits = at::hex(to_ucs2(text));
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return digits;
  }
  std::string bytes;
  for (const char16_t c : text) {
    const auto gsm = to_septets(std::u16string_view(&c, 1));
    if (charset == Charset::gsm)
      bytes += gsm.value_or("?");
    else
      bytes += c < 0x80 ? static_cast<char>(c) : '?';
  }
  return bytes;
}

}  // namespace emulator::device::sms
