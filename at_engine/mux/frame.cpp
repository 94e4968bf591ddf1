#include "at_engine/mux/frame.hpp"

#include "at_engine/mux/fcs.hpp"

#include <algorithm>
#include <cassert>

namespace at::mux {

namespace {

constexpr char flag = '\xF9';
constexpr unsigned last_byte = 0x01;  // EA: no further byte of this field
constexpr unsigned command_response_bit = 0x02;
constexpr unsigned poll_final_bit = 0x10;
constexpr std::size_t most_in_one_byte = 0x7F;
constexpr std::size_t behind_data = 2;  // check and flag

char as_char(std::size_t value) { return static_cast<char>(static_cast<unsigned char>(value)); }
unsigned as_byte(char byte) { return static_cast<unsigned char>(byte); }

bool is_type(unsigned control) {
  switch (static_cast<FrameType>(control)) {
    case FrameType::sabm:
    case FrameType::ua:
    case FrameType::dm:
    case FrameType::disc:
    case FrameType::uih:
    case FrameType::ui:
      return true;
  }
  return false;
}

bool carries_data(unsigned control) {
  const auto type = static_cast<FrameType>(control);
  return type == FrameType::uih || type == FrameType::ui;
}

/// Address, control and length of a frame, as far as they are there.
struct Header {
  bool is_one = true;
  std::size_t size = 3;  // needed for it
  std::size_t data = 0;
};

/// A length where none belongs is no frame's: what was torn would take in all that follows.
Header header_of(std::string_view bytes) {
  Header header;
  const auto control = bytes.size() < 2 ? 0U : as_byte(bytes[1]) & ~poll_final_bit;
  header.is_one = (bytes.empty() || (as_byte(bytes[0]) & last_byte) != 0) &&
                  (bytes.size() < 2 || is_type(control));
  if (bytes.size() < 3 || !header.is_one) return header;
  header.data = as_byte(bytes[2]) >> 1U;
  if ((as_byte(bytes[2]) & last_byte) == 0) header.size = 4;
  if (bytes.size() > 3 && header.size == 4)
    header.data |= static_cast<std::size_t>(as_byte(bytes[3])) << 7U;
  header.is_one = header.data == 0 || carries_data(control);
  return header;
}

/// Of which the check is taken of the data too, not of the header alone.
bool covers_data(FrameType type) { return type != FrameType::uih; }

Frame frame_of(std::string_view bytes, const Header& header) {
  const auto address = as_byte(bytes[0]);
  const auto control = as_byte(bytes[1]);
  return {.dlci = static_cast<int>(address >> 2U),
          .command_response = (address & command_response_bit) != 0,
          .type = static_cast<FrameType>(control & ~poll_final_bit),
          .poll_final = (control & poll_final_bit) != 0,
          .data = bytes.substr(header.size, header.data)};
}

}  // namespace

void append(std::string& bytes, const Frame& frame) {
  assert(frame.data.size() <= Framer::max_data);
  const auto size = frame.data.size();
  const auto address = static_cast<unsigned>(frame.dlci) << 2U |
                       (frame.command_response ? command_response_bit : 0U) | last_byte;
  const auto control = static_cast<unsigned>(frame.type) | (frame.poll_final ? poll_final_bit : 0U);
  bytes += flag;
  const auto begin = bytes.size();
  bytes += as_char(address);
  bytes += as_char(control);
  if (size <= most_in_one_byte) {
    bytes += as_char(size << 1U | last_byte);
  } else {
    bytes += as_char((size & most_in_one_byte) << 1U);
    bytes += as_char(size >> 7U);
  }
  const auto header = bytes.size() - begin;
  bytes += frame.data;
  const auto whole = std::string_view(bytes).substr(begin);
  const auto check = fcs(covers_data(frame.type) ? whole : whole.substr(0, header));
  bytes += as_char(check);
  bytes += flag;
}

std::string encode(const Frame& frame) {
  std::string bytes;
  append(bytes, frame);
  return bytes;
}

std::optional<Frame> Framer::next(std::string_view& bytes) {
  while (true) {
    const bool goes_on = used_ < kept_.size();
    if (!goes_on && bytes.empty()) return std::nullopt;
    const auto step = examine(goes_on ? unread() : bytes);
    if (goes_on)
      used_ += step.used;
    else
      bytes.remove_prefix(step.used);
    if (step.frame) return step.frame;
    if (!goes_on) {
      keep(bytes, bytes.size());
      return std::nullopt;
    }
    if (bytes.empty()) return std::nullopt;
    if (used_ < kept_.size()) keep(bytes, std::min(step.missing, bytes.size()));
  }
}

/// Frames in `bytes`, which stand behind a flag if it is in step. The closing flag of a frame is
/// done with, and may open the next one all the same.
Framer::Step Framer::examine(std::string_view bytes) {
  std::size_t used = 0;
  while (true) {
    if (!synced_) {
      used = std::min(bytes.find(flag, used), bytes.size());
      if (used == bytes.size()) return {.used = used, .missing = 1};
      synced_ = true;
    }
    used = std::min(bytes.find_first_not_of(flag, used), bytes.size());
    const auto here = bytes.substr(used);
    const auto header = header_of(here);
    const auto whole = header.size + header.data + behind_data;
    const auto needed = here.size() < header.size ? header.size : whole;
    if (header.is_one && here.size() < needed)
      return {.used = used, .missing = needed - here.size()};
    if (!header.is_one || here[whole - 1] != flag) {
      synced_ = false;
      ++counters_.lost_syncs;
      continue;
    }
    used += whole;
    const auto frame = frame_of(here, header);
    const auto covered = covers_data(frame.type) ? header.size + header.data : header.size;
    if (as_byte(here[whole - behind_data]) == fcs(here.substr(0, covered))) {
      ++counters_.frames;
      return {.used = used, .frame = frame};
    }
    ++counters_.wrong_checks;
  }
}

/// Takes `count` bytes over, and makes place for them where more is done with than is not.
void Framer::keep(std::string_view& bytes, std::size_t count) {
  if (used_ * 2 >= kept_.size()) {
    kept_.erase(0, used_);
    used_ = 0;
  }
  kept_ += bytes.substr(0, count);
  bytes.remove_prefix(count);
}

void Framer::forget() {
  kept_.clear();
  used_ = 0;
  synced_ = true;
}

}  // namespace at::mux
