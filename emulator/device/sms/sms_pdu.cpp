#include "emulator/device/sms/sms_pdu.hpp"

#include "at_engine/text.hpp"
#include "emulator/device/sim/sim_card.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace emulator::device::sms {
namespace {

constexpr int international = 0x91;
constexpr int national = 0x81;
constexpr int header_flag = 0x40;
constexpr int validity_flags = 0x18;
constexpr int relative = 2;
constexpr std::size_t time_octets = 7;

unsigned char swapped(unsigned value) {
  return static_cast<unsigned char>(value % 10 << 4U | value / 10);
}

/// Reads a TPDU from the front; `good` turns false when it ends too early.
class Reader {
 public:
  explicit Reader(std::string_view octets) : rest_(octets) {}

  int octet() {
    if (rest_.empty()) {
      good_ = false;
      return 0;
    }
    const int value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::string octets(std::size_t count) {
    if (rest_.size() < count) {
      good_ = false;
      return {};
    }
    std::string taken(rest_.substr(0, count));
    rest_.remove_prefix(count);
    return taken;
  }
  void number(Message& message) {
    const auto digits = static_cast<std::size_t>(octet());
    message.type_of_number = octet();
    if (message.type_of_number == international) message.number = "+";
    for (const char pair : octets((digits + 1) / 2)) {
      const unsigned value = static_cast<unsigned char>(pair);
      for (const unsigned digit : {value & 0xFU, value >> 4U})
        if (digit <= 9) message.number += static_cast<char>('0' + digit);
    }
  }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

unsigned fill_bits(std::size_t header_octets) {
  return header_octets == 0 ? 0 : static_cast<unsigned>((7 - header_octets * 8 % 7) % 7);
}

int validity_format(const Message& message) { return (message.first_octet & validity_flags) >> 3; }

bool read_data(Reader& reader, Message& message) {
  message.length = static_cast<std::size_t>(reader.octet());
  const bool septets = message.seven_bits();
  const std::size_t octets = septets ? (message.length * 7 + 7) / 8 : message.length;
  const auto data = reader.octets(octets);
  if (!reader.good() || octets > max_data || reader.left() != 0) return false;
  std::size_t header = 0;
  if ((message.first_octet & header_flag) != 0) {
    if (data.empty()) return false;
    header = static_cast<unsigned char>(data[0]) + std::size_t{1};
    if (header > data.size()) return false;
    message.header = data.substr(1, header - 1);
  }
  if (!septets) {
    message.data = data.substr(header);
    return true;
  }
  const auto fill = fill_bits(header);
  const std::size_t taken = (header * 8 + fill) / 7;
  if (message.length < taken) return false;
  message.data = unpack(std::string_view(data).substr(header), message.length - taken, fill);
  return true;
}

std::optional<std::string> data_field(const Message& message) {
  // One of no octets has its length all the same, where the message says that there is one.
  const bool has_header = !message.header.empty() || (message.first_octet & header_flag) != 0;
  std::string header;
  if (has_header) header = static_cast<char>(message.header.size()) + message.header;
  std::size_t length = header.size() + message.data.size();
  std::string octets = header + message.data;
  if (message.seven_bits()) {
    const auto fill = fill_bits(header.size());
    length = (header.size() * 8 + fill) / 7 + message.data.size();
    octets = header + pack(message.data, fill);
  }
  if (octets.size() > max_data) return std::nullopt;
  return static_cast<char>(length) + octets;
}

/// What follows the first octet of a STATUS-REPORT; further octets are optional and left alone.
std::optional<Message> read_report(Reader& reader, Message message) {
  message.reference = reader.octet();
  reader.number(message);
  message.stamp = reader.octets(time_octets);
  message.time = shown_time(message.stamp);
  Report report;
  report.time = shown_time(reader.octets(time_octets));
  report.status = reader.octet();
  message.report = report;
  if (!reader.good()) return std::nullopt;
  return message;
}

}  // namespace

int Message::message_class() const {
  const bool general = (dcs & 0xD0) == 0x10;
  const bool coding_and_class = (dcs & 0xF0) == 0xF0;
  return general || coding_and_class ? dcs & 3 : -1;
}

int Message::alphabet() const {
  if ((dcs & 0xC0) == 0) return dcs >> 2 & 3;
  if ((dcs & 0xF0) == 0xF0) return dcs >> 2 & 1;
  return (dcs & 0xF0) == 0xE0 ? 2 : 0;
}

std::optional<Message> parse(std::string_view tpdu, bool from_network) {
  Reader reader(tpdu);
  Message message;
  message.submit = !from_network;
  message.first_octet = reader.octet();
  constexpr int status_report_type = 2;
  if (from_network && (message.first_octet & 3) == status_report_type)
    return read_report(reader, std::move(message));
  if ((message.first_octet & 3) != (from_network ? 0 : 1)) return std::nullopt;
  if (message.submit) message.reference = reader.octet();
  reader.number(message);
  message.pid = reader.octet();
  message.dcs = reader.octet();
  if (from_network) {
    message.stamp = reader.octets(time_octets);
    message.time = shown_time(message.stamp);
  } else {
    if (validity_format(message) == relative)
      message.validity = reader.octet();
    else if (validity_format(message) != 0)
      message.validity_field = reader.octets(time_octets);
  }
  if (!reader.good() || !read_data(reader, message)) return std::nullopt;
  return message;
}

std::optional<std::string> build(const Message& message) {
  const auto data = data_field(message);
  if (!data) return std::nullopt;
  const int flag = message.header.empty() ? 0 : header_flag;
  std::string tpdu(1, static_cast<char>(message.first_octet | flag));
  if (message.submit) tpdu += static_cast<char>(message.reference);
  tpdu += address_field(message.number);
  tpdu += static_cast<char>(message.pid);
  tpdu += static_cast<char>(message.dcs);
  if (message.submit) {
    if (validity_format(message) == relative)
      tpdu += static_cast<char>(message.validity.value_or(0));
    else
      tpdu += message.validity_field;
  } else {
    tpdu += message.stamp;
  }
  return tpdu + *data;
}

std::string address_field(const std::string& number) {
  const bool plus = !number.empty() && number[0] == '+';
  const auto digits = number.substr(plus ? 1 : 0);
  std::string field(1, static_cast<char>(digits.size()));
  field += static_cast<char>(plus ? international : national);
  return field + swapped_digits(digits);
}

std::string smsc_field(const std::string& number) {
  if (number.empty()) return std::string(1, '\0');
  const auto field = address_field(number).substr(1);
  return static_cast<char>(field.size()) + field;
}

std::string time_field(std::int64_t unix_ms, int zone) {
  using namespace std::chrono;
  const sys_time<milliseconds> local{milliseconds(unix_ms) + minutes(15 * zone)};
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(local - day)};
  std::string field;
  for (const unsigned value :
       {static_cast<unsigned>(static_cast<int>(date.year()) % 100),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<unsigned>(time.hours().count()), static_cast<unsigned>(time.minutes().count()),
        static_cast<unsigned>(time.seconds().count())})
    field += static_cast<char>(swapped(value));
  const auto quarters = swapped(static_cast<unsigned>(zone < 0 ? -zone : zone));
  return field + static_cast<char>(quarters | (zone < 0 ? 0x08U : 0U));
}

std::string shown_time(std::string_view field) {
  if (field.size() != time_octets) return {};
  std::array<unsigned, time_octets> values{};
  for (std::size_t i = 0; i < time_octets; ++i) {
    const auto octet = static_cast<unsigned char>(field[i]);
    const unsigned tens = i + 1 == time_octets ? octet & 7U : octet & 0xFU;
    values[i] = tens * 10 + (octet >> 4U);
  }
  const bool west = (static_cast<unsigned char>(field.back()) & 0x08U) != 0;
  return fmt::format("{:02}/{:02}/{:02},{:02}:{:02}:{:02}{}{:02}", values[0], values[1], values[2],
                     values[3], values[4], values[5], west ? '-' : '+', values[6]);
}

std::string status_report(const Message& message, std::string_view time) {
  constexpr char report = 0x06;
  constexpr char received = 0x00;
  std::string tpdu{report, static_cast<char>(message.reference)};
  tpdu += address_field(message.number);
  tpdu += time;
  tpdu += time;
  return tpdu + received;
}

bool is_dialled(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  constexpr std::size_t most_digits = 20;  // 23.040 9.1.2.5
  return text.size() <= most_digits && at::is_number(text);
}

}  // namespace emulator::device::sms
