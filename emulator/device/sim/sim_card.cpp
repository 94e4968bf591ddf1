#include "emulator/device/sim/sim_card.hpp"

#include "at_engine/text.hpp"

namespace emulator::device {
namespace {

constexpr std::size_t spn_name = 16;       // bytes of the name in EF_SPN
constexpr std::size_t alpha = 10;          // bytes of the name in front of a number
constexpr std::size_t address_bytes = 10;  // of a number in BCD
constexpr char unused = '\xFF';

std::string filled(std::string text, std::size_t size) {
  text.resize(size, unused);
  return text;
}

/// Length, type and digits of a number, as in EF_MSISDN and EF_SMSP.
std::string dialling_number(const std::string& number) {
  const bool international = !number.empty() && number[0] == '+';
  const auto digits = swapped_digits(international ? number.substr(1) : number);
  std::string field(1, static_cast<char>(digits.size() + 1));
  field += international ? '\x91' : '\x81';
  return filled(field + digits, 2 + address_bytes);
}

std::string imsi_file(const std::string& imsi) {
  // The first nibble is a digit, beside it the parity of their number.
  const char parity = imsi.size() % 2 == 1 ? '9' : '1';
  const auto digits = swapped_digits(parity + imsi);
  return filled(std::string(1, static_cast<char>(digits.size())) + digits, 9);
}

}  // namespace

std::string swapped_digits(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const unsigned low = static_cast<unsigned>(digits[i] - '0');
    const unsigned high = i + 1 < digits.size() ? static_cast<unsigned>(digits[i + 1] - '0') : 0xFU;
    bytes += static_cast<char>(high << 4U | low);
  }
  return bytes;
}

std::map<int, SimFile> sim_files(const SimCard& card) {
  using namespace std::string_literals;
  const std::string name = card.service_provider.substr(0, spn_name);
  const auto number = dialling_number(card.number) + filled("", 2);
  // Parameter indicators: the service centre's address is there, the rest is not.
  const auto smsp =
      filled("", alpha) + "\xFD"s + filled("", 12) + dialling_number(card.smsc) + filled("", 3);
  const char mnc_digits = 2;
  return {{0x2FE2, {filled(swapped_digits(card.iccid), 10)}},
          {0x6F07, {imsi_file(card.imsi)}},
          {0x6FAD, {"\x00\x00\x00"s + mnc_digits}},
          {0x6F46, {"\x01"s + filled(name, spn_name)}},
          {0x6F40, {filled("", alpha) + number, alpha + number.size()}},
          {0x6F42, {smsp, smsp.size()}}};
}

bool is_pin(std::string_view text) {
  return text.size() >= 4 && text.size() <= 8 && at::is_number(text);
}

}  // namespace emulator::device
