// A host of the multiplexer for tests, written from 27.010 and of the code under test independent:
// makes frames, takes apart what the module says, strictly, and sorts it by DLCI. Owned by a test.
#pragma once

#include "tests/support/hex.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace support {

class MuxHost {
 public:
  /// A UIH frame to DLCI `dlci`, as most hosts send it (C/R 1).
  static std::string frame(int dlci, std::string_view data) {
    std::string head{static_cast<char>(dlci * 4 + 3), '\xEF'};
    if (data.size() <= 127) {
      head += static_cast<char>(data.size() * 2 + 1);
    } else {
      head += static_cast<char>((data.size() & 0x7FU) * 2);
      head += static_cast<char>(data.size() >> 7U);
    }
    return '\xF9' + head + std::string(data) + static_cast<char>(check(head)) + '\xF9';
  }

  /// Takes what the module has said; what is no whole frame waits for the rest.
  void hear(std::string_view bytes) {
    waiting_ += bytes;
    while (take_frame()) {
    }
  }
  /// The data that came on a DLCI since it was asked last.
  [[nodiscard]] std::string said(int dlci) { return std::exchange(data_[dlci], {}); }
  /// What came in the longest frame of data.
  [[nodiscard]] std::size_t longest() const { return longest_; }
  [[nodiscard]] bool is_between_frames() const { return waiting_.empty(); }

 private:
  static unsigned check(std::string_view bytes) {
    unsigned crc = 0xFF;
    for (const char byte : bytes) {
      crc ^= static_cast<unsigned char>(byte);
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xE0U : crc >> 1U;
    }
    return 0xFFU - crc;
  }
  [[nodiscard]] unsigned at(std::size_t i) const { return static_cast<unsigned char>(waiting_[i]); }

  bool take_frame() {
    constexpr std::size_t shortest = 6;
    if (waiting_.size() < shortest) return false;
    if (at(0) != 0xF9) throw std::runtime_error("no flag where a frame begins");
    const bool two = (at(3) & 1U) == 0;
    const auto size = two ? (at(3) >> 1U) + (at(4) << 7U) : at(3) >> 1U;
    const std::size_t head = two ? 5 : 4;
    if (waiting_.size() < head + size + 2) return false;
    if (at(head + size + 1) != 0xF9) throw std::runtime_error("no flag where a frame ends");
    const bool is_data = (at(2) & 0xEFU) == 0xEF;
    const auto covered = waiting_.substr(1, head - 1 + (is_data ? 0 : size));
    if (at(head + size) != check(covered)) throw std::runtime_error("wrong check byte");
    if (is_data) {
      data_[static_cast<int>(at(1) >> 2U)] += waiting_.substr(head, size);
      if (at(1) >> 2U != 0 && size > longest_) longest_ = size;
    }
    waiting_.erase(0, head + size + 2);
    return true;
  }

  std::string waiting_;
  std::map<int, std::string> data_;
  std::size_t longest_ = 0;
};

}  // namespace support
