#include "conformance/run/mux_frame.hpp"

namespace conformance::mux {
namespace {

constexpr char flag = '\xF9';
constexpr unsigned last = 0x01;     // EA
constexpr unsigned command = 0x02;  // C/R
constexpr std::size_t long_data = 0x80;

char as_char(std::size_t value) { return static_cast<char>(static_cast<unsigned char>(value)); }
unsigned byte(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// 27.010 5.2.1.6, bit by bit.
char check_of(std::string_view bytes) {
  constexpr unsigned polynomial = 0xE0;
  unsigned rest = 0xFF;
  for (const char each : bytes) {
    rest ^= static_cast<unsigned char>(each);
    for (int bit = 0; bit < 8; ++bit)
      rest = (rest & 1U) != 0 ? rest >> 1U ^ polynomial : rest >> 1U;
  }
  return as_char(0xFF - rest);
}

Heard wrong(const std::string& why) {
  Heard none;
  none.kind = Heard::Kind::wrong;
  none.wrong = why;
  return none;
}

}  // namespace

std::string frame(int dlci, unsigned type, std::string_view data) {
  std::string covered{as_char(static_cast<std::size_t>(dlci) << 2U | command | last),
                      as_char(type)};
  if (data.size() < long_data) {
    covered += as_char(data.size() << 1U | last);
  } else {
    covered += as_char((data.size() & (long_data - 1)) << 1U);
    covered += as_char(data.size() >> 7U);
  }
  std::string bytes{flag};
  bytes.append(covered).append(data);
  return bytes.append({check_of(covered), flag});
}

std::string leave() {
  constexpr std::size_t flags = 8;
  constexpr std::string_view close_down("\xC3\x01", 2);
  return std::string(flags, flag) + frame(0, uih, close_down);
}

std::string_view Heard::modem_status() const {
  constexpr std::string_view head("\xE3\x05", 2);
  if (dlci != 0 || command_response || type != uih || !data.starts_with(head)) return {};
  return std::string_view(data).substr(head.size());
}

Heard heard(std::string_view bytes) {
  constexpr std::size_t address = 1;
  constexpr std::size_t length = 3;
  if (!bytes.empty() && bytes[0] != flag) return wrong("no flag opens a frame");
  if (bytes.size() > address && bytes[address] == flag) return wrong("two flags in a row");
  if (bytes.size() <= length) return {};
  const bool in_two_bytes = (byte(bytes, length) & last) == 0;
  const auto begin = length + (in_two_bytes ? 2 : 1);
  if (bytes.size() < begin) return {};
  const auto more = in_two_bytes ? byte(bytes, length + 1) : 0U;
  const std::size_t size = byte(bytes, length) >> 1U | more << 7U;
  const auto end = begin + size;
  if (bytes.size() < end + 2) return {};
  if (bytes[end + 1] != flag) return wrong("no flag closes a frame");
  Heard whole;
  whole.type = byte(bytes, address + 1);
  const auto covered = whole.type == uih ? begin : end;
  if (bytes[end] != check_of(bytes.substr(address, covered - address)))
    return wrong("the check of a frame is wrong");
  whole.kind = Heard::Kind::whole;
  whole.size = end + 2;
  whole.dlci = static_cast<int>(byte(bytes, address) >> 2U);
  whole.command_response = (byte(bytes, address) & command) != 0;
  whole.data = bytes.substr(begin, size);
  return whole;
}

}  // namespace conformance::mux
