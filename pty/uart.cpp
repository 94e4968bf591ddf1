#include "pty/uart.hpp"

#include <cstdint>
#include <cstdlib>

namespace pty {
namespace {

constexpr std::int64_t data_bits = 8;
constexpr std::int64_t stop_bit = data_bits + 1;
constexpr std::int64_t tolerance_percent = 3;

/// The line while one byte is sent, by the sender's bits.
class Frame {
 public:
  explicit Frame(char byte) : byte_(static_cast<unsigned char>(byte)) {}

  [[nodiscard]] bool high(std::int64_t bit) const {
    if (bit < 0 || bit >= stop_bit) return true;
    return bit != 0 && ((byte_ >> (bit - 1)) & 1U) != 0;
  }
  /// The first bit from `bit` on that begins with a falling edge; `stop_bit` if there is none.
  [[nodiscard]] std::int64_t falling_edge(std::int64_t bit) const {
    while (bit < stop_bit && !(high(bit - 1) && !high(bit))) ++bit;
    return bit;
  }

 private:
  unsigned byte_;
};

}  // namespace

bool rates_agree(int ours, int theirs) {
  const std::int64_t difference = std::abs(std::int64_t{ours} - theirs);
  return difference * 100 <= tolerance_percent * ours;
}

std::string as_received(std::string_view bytes, int sent_at, int sampled_at) {
  std::string received;
  for (const char byte : bytes) {
    const Frame frame(byte);
    for (auto edge = frame.falling_edge(0); edge < stop_bit;) {
      // In halves of the receiver's bits after the edge.
      const auto bit_at = [&](std::int64_t halves) {
        return edge + halves * sent_at / (2 * std::int64_t{sampled_at});
      };
      if (frame.high(bit_at(1))) {
        edge = frame.falling_edge(edge + 1);
        continue;
      }
      unsigned value = 0;
      for (std::int64_t bit = 0; bit < data_bits; ++bit)
        value |= frame.high(bit_at(2 * bit + 3)) ? 1U << bit : 0U;
      const auto stop = bit_at(2 * stop_bit + 1);
      if (frame.high(stop)) received += static_cast<char>(value);
      edge = frame.falling_edge(stop + 1);
    }
  }
  return received;
}

}  // namespace pty
