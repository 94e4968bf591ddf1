// What is printed on and written into a SIM card, and the elementary files made of it, as CRSM and
// CSIM read them (31.102, 51.011). Pure; owned by the Sim.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::device {

struct SimCard {
  std::string imsi = "001010000000001";
  std::string iccid = "89882390000000000011";
  std::string number = "+15550100001";
  std::string pin = "1234";
  std::string puk = "12345678";
  std::string pin2 = "5678";
  std::string puk2 = "87654321";
  bool pin_enabled = false;
  std::string service_provider = "Test";
  std::string smsc = "+15550109999";
};

/// One elementary file: bytes, in records of one length when there are any.
struct SimFile {
  std::string content;
  std::size_t record_length = 0;  // 0: transparent
};

/// The files of a card by identifier: ICCID 2FE2, IMSI 6F07, AD 6FAD, SPN 6F46, MSISDN 6F40,
/// SMSP 6F42.
std::map<int, SimFile> sim_files(const SimCard& card);

/// Digits in pairs with the nibbles swapped, filled with F.
std::string swapped_digits(std::string_view digits);

/// 4 to 8 digits, as a PIN or a PUK.
[[nodiscard]] bool is_pin(std::string_view text);

}  // namespace emulator::device
