// Short messages as octets (23.040): SMS-SUBMIT that a host sends, SMS-DELIVER and
// SMS-STATUS-REPORT that a network delivers. Pure; no owner.
#pragma once

#include "emulator/device/sms/sms_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::device::sms {

/// Most octets of a message's data.
constexpr std::size_t max_data = 140;
constexpr std::size_t max_septets = 160;

/// The end of a message's way, in a STATUS-REPORT.
struct Report {
  std::string time;  // of it, as +CMGR shows it
  int status = 0;    // 0 = received
};

/// What can be read out of a SUBMIT, DELIVER or STATUS-REPORT.
struct Message {
  bool submit = false;
  int first_octet = 0;
  int reference = 0;   // of a SUBMIT, or of the one that a report is about
  std::string number;  // with + when international
  int type_of_number = 129;
  int pid = 0;
  int dcs = 0;
  std::optional<int> validity;   // relative, of a SUBMIT
  std::string validity_field;    // in one of the forms that have seven octets, as in the message
  std::string stamp;             // of a DELIVER: its time, as in the message
  std::string time;              // the same as +CMGR shows it
  std::size_t length = 0;        // septets or octets, as in the message
  std::string header;            // user data header, its length octet not included
  std::string data;              // octets behind the header; septets one a byte under 7 bits
  std::optional<Report> report;  // of a STATUS-REPORT; `time` is when the SMSC got the message

  [[nodiscard]] bool wants_report() const { return (first_octet & 0x20) != 0; }
  [[nodiscard]] bool seven_bits() const { return alphabet() == 0; }
  /// 0 seven bits, 1 octets, 2 UCS-2.
  [[nodiscard]] int alphabet() const;
  /// 0 to 3: for the display, the module, the SIM, the host; -1 without one.
  [[nodiscard]] int message_class() const;
};

/// Nothing when the octets are no whole SUBMIT (of a host), DELIVER or STATUS-REPORT (of a
/// network).
std::optional<Message> parse(std::string_view tpdu, bool from_network);

/// Octets of `message`. Nothing when its data does not fit.
std::optional<std::string> build(const Message& message);

/// A number as in a PDU: length in digits, type, digits in pairs.
std::string address_field(const std::string& number);
/// The same as the service centre's: length in octets.
std::string smsc_field(const std::string& number);

/// A moment as a PDU has it; `unix_ms` is UTC, `zone` in quarters of an hour.
std::string time_field(std::int64_t unix_ms, int zone);
/// As +CMGR shows it: "yy/MM/dd,hh:mm:ss+zz".
std::string shown_time(std::string_view field);

/// The report that `message` arrived at `time` (field).
std::string status_report(const Message& message, std::string_view time);

/// A number as it is dialled: up to 20 digits, a plus before them for an international one.
bool is_dialled(std::string_view text);

}  // namespace emulator::device::sms
