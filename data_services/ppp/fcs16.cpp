#include "data_services/ppp/fcs16.hpp"

#include "data_services/ppp/octets.hpp"

#include <array>
#include <cstddef>

namespace data_services::ppp {
namespace {

constexpr std::size_t octets = 256;
/// Row 0 carries a check on by one octet; row n by one that n zeros follow.
constexpr std::size_t rows = 4;
using Table = std::array<std::array<std::uint16_t, octets>, rows>;

consteval Table make_table() {
  constexpr std::uint16_t polynomial = 0x8408;
  Table table{};
  for (std::size_t i = 0; i < octets; ++i) {
    auto value = static_cast<std::uint16_t>(i);
    for (int bit = 0; bit < 8; ++bit) {
      const bool carries = (value & 1U) != 0;
      value = static_cast<std::uint16_t>((value >> 1U) ^ (carries ? polynomial : 0U));
    }
    table[0][i] = value;
  }
  for (std::size_t row = 1; row < rows; ++row)
    for (std::size_t i = 0; i < octets; ++i) {
      const auto before = table[row - 1][i];
      table[row][i] = static_cast<std::uint16_t>((before >> 8U) ^ table[0][before & 0xFFU]);
    }
  return table;
}

constexpr Table table = make_table();

}  // namespace

std::uint16_t fcs16(std::string_view bytes, std::uint16_t fcs) {
  std::size_t at = 0;
  for (; at + rows <= bytes.size(); at += rows) {
    const auto first = static_cast<unsigned>(octet(bytes[at]) ^ (fcs & 0xFFU));
    const auto second = static_cast<unsigned>(octet(bytes[at + 1]) ^ (fcs >> 8U));
    fcs =
        static_cast<std::uint16_t>(table[3][first] ^ table[2][second] ^
                                   table[1][octet(bytes[at + 2])] ^ table[0][octet(bytes[at + 3])]);
  }
  for (; at < bytes.size(); ++at)
    fcs = static_cast<std::uint16_t>((fcs >> 8U) ^ table[0][(fcs ^ octet(bytes[at])) & 0xFFU]);
  return fcs;
}

}  // namespace data_services::ppp
