#include "data_services/ppp/hdlc.hpp"

#include "data_services/ppp/fcs16.hpp"
#include "data_services/ppp/octets.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace data_services::ppp {
namespace {

constexpr char flag = 0x7E;
constexpr char escape = 0x7D;
constexpr unsigned escape_bit = 0x20;
constexpr std::size_t check_size = 2;
constexpr std::string_view header = "\xFF\x03";

std::size_t find(std::string_view bytes, char byte) {
  if (bytes.empty()) return 0;
  const auto* const found = static_cast<const char*>(std::memchr(bytes.data(), byte, bytes.size()));
  return found == nullptr ? bytes.size() : static_cast<std::size_t>(found - bytes.data());
}

bool must_escape(char byte, std::uint32_t accm) {
  const auto value = octet(byte);
  if (value < escape_bit) return ((accm >> value) & 1U) != 0;
  return byte == flag || byte == escape;
}

void append_stuffed(std::string& line, std::string_view bytes, std::uint32_t accm) {
  std::size_t run = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (!must_escape(bytes[at], accm)) continue;
    line += bytes.substr(run, at - run);
    line += escape;
    append_u8(line, octet(bytes[at]) ^ escape_bit);
    run = at + 1;
  }
  line += bytes.substr(run);
}

}  // namespace

std::optional<std::string_view> Deframer::next(std::string_view& bytes) {
  if (std::exchange(whole_, false)) frame_.clear();
  while (!bytes.empty()) {
    const auto end = find(bytes, flag);
    take(bytes.substr(0, end));
    if (end == bytes.size()) {
      bytes = {};
      return std::nullopt;
    }
    bytes.remove_prefix(end + 1);
    if (!end_frame()) continue;
    whole_ = true;
    return std::string_view(frame_).substr(0, frame_.size() - check_size);
  }
  return std::nullopt;
}

/// `run` has no flag.
void Deframer::take(std::string_view run) {
  while (!run.empty() && !too_long_) {
    if (std::exchange(escaped_, false)) {
      append_u8(frame_, octet(run.front()) ^ escape_bit);
      run.remove_prefix(1);
    }
    const auto plain = std::min(find(run, escape), max_frame + 1);
    frame_ += run.substr(0, plain);
    run.remove_prefix(plain);
    too_long_ = frame_.size() > max_frame;
    if (too_long_ || run.empty() || run.front() != escape) continue;
    escaped_ = true;
    run.remove_prefix(1);
  }
  if (too_long_ && !run.empty()) escaped_ = run.back() == escape;
}

/// Whether what a flag has ended is a frame.
bool Deframer::end_frame() {
  const bool aborted = std::exchange(escaped_, false);
  const bool was_too_long = std::exchange(too_long_, false);
  if (frame_.empty() && !aborted) return false;
  if (aborted)
    ++counters_.aborted;
  else if (was_too_long)
    ++counters_.too_long;
  else if (frame_.size() < min_frame)
    ++counters_.too_short;
  else if (fcs16(frame_) != fcs16_good)
    ++counters_.bad_fcs;
  else {
    ++counters_.good;
    return true;
  }
  frame_.clear();
  return false;
}

std::optional<Frame> open_frame(std::string_view frame) {
  if (frame.starts_with(header)) frame.remove_prefix(header.size());
  if (frame.empty()) return std::nullopt;
  const bool is_compressed = (octet(frame.front()) & 1U) != 0;
  if (is_compressed) return Frame{octet(frame.front()), frame.substr(1)};
  if (frame.size() < 2) return std::nullopt;
  return Frame{read_u16(frame, 0), frame.substr(2)};
}

void append_frame(std::string& line, std::uint16_t protocol, std::string_view information,
                  const Framing& framing) {
  std::string head;
  if (!framing.compresses_address) head += header;
  if (!framing.compresses_protocol || protocol > 0xFFU) append_u8(head, protocol >> 8U);
  append_u8(head, protocol);
  const auto fcs = static_cast<std::uint16_t>(~fcs16(information, fcs16(head)));
  std::string check;
  append_u8(check, fcs);
  append_u8(check, fcs >> 8U);
  constexpr std::size_t frame_beside = 12;
  line.reserve(line.size() + information.size() + information.size() / 8 + frame_beside);
  line += flag;
  append_stuffed(line, head, framing.accm);
  append_stuffed(line, information, framing.accm);
  append_stuffed(line, check, framing.accm);
  line += flag;
}

}  // namespace data_services::ppp
