#include "emulator/device/sim/sim_apdu.hpp"

#include <algorithm>

namespace emulator::device {
namespace {

constexpr int read_binary = 176;
constexpr int read_record = 178;
constexpr int get_response = 192;
constexpr int update_binary = 214;
constexpr int update_record = 220;
constexpr int status = 242;
constexpr int select_file = 0xA4;
constexpr int iccid_file = 0x2FE2;  // the one file here that is read without a PIN
constexpr int verify = 0x20;
constexpr int unblock = 0x2C;

const CardAnswer no_such_file{"", 0x6A, 0x82};
const CardAnswer no_such_record{"", 0x6A, 0x83};
const CardAnswer wrong_length{"", 0x67, 0x00};
const CardAnswer wrong_offset{"", 0x6B, 0x00};
const CardAnswer not_allowed{"", 0x69, 0x82};
const CardAnswer wrong_instruction{"", 0x6D, 0x00};
const CardAnswer wrong_structure{"", 0x69, 0x81};

int byte_at(const std::string& bytes, std::size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
}

CardAnswer part(const std::string& content, std::size_t offset, int length) {
  if (offset > content.size()) return wrong_offset;
  const auto wanted = length == 0 ? content.size() - offset : static_cast<std::size_t>(length);
  if (offset + wanted > content.size()) return wrong_length;
  return {content.substr(offset, wanted)};
}

}  // namespace

bool is_usim(const std::string& aid) {
  const std::string usim("\xA0\x00\x00\x00\x87\x10\x02", 7);
  return aid.size() >= usim.size() && aid.compare(0, usim.size(), usim) == 0;
}

/// The template that a USIM answers to SELECT: kind, identifier, size.
std::string SimApdu::describe(int file_id, const SimFile& file) {
  const auto size = file.content.size();
  const auto word = [](std::size_t value) {
    return std::string{static_cast<char>(value >> 8U), static_cast<char>(value & 0xFFU)};
  };
  std::string fields;
  if (file.record_length == 0)
    fields = std::string("\x82\x02\x41\x21", 4);
  else
    fields = std::string("\x82\x05\x42\x21", 4) + word(file.record_length) +
             static_cast<char>(size / file.record_length);
  fields += std::string("\x83\x02", 2) + word(static_cast<std::size_t>(file_id));
  fields += std::string("\x80\x02", 2) + word(size);
  return std::string{'\x62', static_cast<char>(fields.size())} + fields;
}

CardAnswer SimApdu::on_file(int command, int file_id, int p1, int p2, int p3) const {
  if (command == status && file_id == 0) return {};
  const auto found = files_.find(file_id);
  if (found == files_.end()) return no_such_file;
  const auto& file = found->second;
  const bool reads = command == read_binary || command == read_record;
  if (reads && file_id != iccid_file && !open_()) return not_allowed;
  switch (command) {
    case read_binary:
      if (file.record_length != 0) return wrong_structure;
      return part(file.content, static_cast<std::size_t>(p1) * 256 + static_cast<std::size_t>(p2),
                  p3);
    case read_record: {
      if (file.record_length == 0) return wrong_structure;
      const auto offset = static_cast<std::size_t>(std::max(p1 - 1, 0)) * file.record_length;
      if (p1 == 0 || offset >= file.content.size()) return no_such_record;
      return part(file.content.substr(offset, file.record_length), 0, p3);
    }
    case get_response:
    case status:
      return {describe(file_id, file)};
    case update_binary:
    case update_record:
      return not_allowed;
    default:
      return wrong_instruction;
  }
}

CardAnswer SimApdu::select(const std::string& command) {
  const auto length = static_cast<std::size_t>(byte_at(command, 4));
  const auto name = command.size() > 5 ? command.substr(5, length) : std::string{};
  if (name.size() != length) return wrong_length;
  if (byte_at(command, 2) == 4) return is_usim(name) ? CardAnswer{} : no_such_file;
  if (length < 2) return wrong_length;
  const int file_id = byte_at(name, length - 2) * 256 + byte_at(name, length - 1);
  constexpr int master_file = 0x3F00;
  constexpr int usim_folder = 0x7FFF;
  if (file_id == master_file || file_id == usim_folder || file_id == 0x7F20 || file_id == 0x7F10) {
    selected_ = 0;
    return {};
  }
  const auto found = files_.find(file_id);
  if (found == files_.end()) return no_such_file;
  selected_ = file_id;
  constexpr int no_data = 0x0C;
  if (byte_at(command, 3) == no_data) return {};
  return {describe(file_id, found->second)};
}

/// VERIFY and UNBLOCK without a secret ask for the tries. Secrets are taken by AT+CPIN only.
CardAnswer SimApdu::tries_left(const std::string& command) const {
  const int pin = byte_at(command, 3) == 1 ? 1 : 2;
  if (byte_at(command, 4) != 0 || (byte_at(command, 3) != 1 && byte_at(command, 3) != 0x81))
    return not_allowed;
  const int tries = tries_(pin, byte_at(command, 1) == unblock);
  return {"", 0x63, static_cast<std::uint8_t>(0xC0 | tries)};
}

CardAnswer SimApdu::run(const std::string& command) {
  constexpr std::size_t header = 4;
  if (command.size() < header) return wrong_length;
  const int instruction = byte_at(command, 1);
  if (instruction == select_file) return select(command);
  if (instruction == verify || instruction == unblock) return tries_left(command);
  if (selected_ == 0 && instruction != status) return not_allowed;
  return on_file(instruction, selected_, byte_at(command, 2), byte_at(command, 3),
                 byte_at(command, 4));
}

}  // namespace emulator::device
