// All chance of a simulation: one generator, drawn in one order, so that a seed is a session; or
// choices that somebody else has made, as a fuzzer does, or that were made before. Also counts what
// was drawn.
#pragma once

#include "at_engine/timeline.hpp"
#include "tests/sim/happenings.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  /// Two bytes a choice, as long as there are any.
  explicit Dice(std::string_view choices) : choices_(choices) {}
  [[nodiscard]] bool has_choices() const { return !choices_.empty(); }

  /// From `low` to `high`, both included.
  int in(int low, int high) {
    const auto span = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<int>(next() % span);
  }
  bool permille(int chance) { return in(0, 999) < chance; }
  at::Duration ms(int low, int high) { return std::chrono::milliseconds(in(low, high)); }
  template <class Value, std::size_t n>
  const Value& one_of(const std::array<Value, n>& values) {
    return values[draw() % n];
  }
  /// Bytes of every value; without A and a when they may not begin a command.
  std::string bytes(int low, int high, bool harmless) {
    std::string result;
    for (int left = in(low, high); left > 0; --left) {
      auto byte = static_cast<char>(draw() % 256);
      if (harmless && (byte == 'A' || byte == 'a')) byte = '.';
      result += byte;
    }
    return result;
  }
  std::uint64_t seed() { return draw() % 1'000'000; }
  void drew(HostSlip slip) { ++slips_[static_cast<std::size_t>(slip)]; }
  void drew(Turn turn) { ++turns_[static_cast<std::size_t>(turn)]; }

  /// What is drawn from now on is added to `draws` as well; null: no more.
  void record(std::vector<std::uint64_t>* draws) { recorded_ = draws; }
  /// Has these drawn next.
  void play(std::vector<std::uint64_t> draws) {
    played_ = std::move(draws);
    next_played_ = 0;
  }

  [[nodiscard]] const SlipCounts& slips() const { return slips_; }
  [[nodiscard]] const TurnCounts& turns() const { return turns_; }

 private:
  std::uint64_t next() {
    constexpr std::size_t width = 2;
    if (choices_.empty()) return draw();
    std::uint64_t choice = 0;
    for (const char byte : choices_.substr(0, width))
      choice = choice * 256 + static_cast<unsigned char>(byte);
    choices_.remove_prefix(std::min(width, choices_.size()));
    return choice;
  }

  std::uint64_t draw() {
    const auto value = next_played_ < played_.size() ? played_[next_played_++] : random_();
    if (recorded_ != nullptr) recorded_->push_back(value);
    return value;
  }

  std::mt19937_64 random_;
  std::vector<std::uint64_t>* recorded_ = nullptr;
  std::vector<std::uint64_t> played_;
  std::size_t next_played_ = 0;
  std::string_view choices_;
  SlipCounts slips_{};
  TurnCounts turns_{};
};

}  // namespace sim
