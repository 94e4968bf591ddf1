// One parameter of an AT command as plain constexpr data: its name in the manual's spelling, what
// it may be, and how `=?` shows it. Part of a Command (command.hpp).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace at {

/// How `=?` shows a parameter: by its values, as <name>, or as "name".
enum class Shown : std::uint8_t { values, angled, quoted };

/// What a parameter may be: any number from low to high, one number of a list, or text whose length
/// in bytes lies between low and high.
enum class Kind : std::uint8_t { number, choice, text };

/// Tables have thousands of these: kept small, since what has addresses in it is written to memory
/// at each start.
struct Param {
  static constexpr std::size_t max_choices = 12;

  std::string_view name{};
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::string_view words{};  // of a text: all that it may be, "off|pulse"; empty: anything
  std::array<std::int32_t, max_choices> choices{};
  std::uint8_t choice_count = 0;
  Kind kind = Kind::number;
  Shown shown = Shown::values;
  bool is_optional = false;
  bool as_typed = false;  // of a text: with its quotes, if it was typed with any

  [[nodiscard]] constexpr Param as(Shown how) const {
    auto copy = *this;
    copy.shown = how;
    return copy;
  }

  /// May be left out; the handler then keeps the previous value or answers a query.
  [[nodiscard]] constexpr Param optional() const {
    auto copy = *this;
    copy.is_optional = true;
    return copy;
  }

  /// A text that must be one of these words, joined with bars.
  [[nodiscard]] constexpr Param among(std::string_view list) const {
    auto copy = *this;
    copy.words = list;
    return copy;
  }

  [[nodiscard]] constexpr bool admits_word(std::string_view text) const {
    if (words.empty()) return true;
    for (auto rest = words;;) {
      const auto bar = rest.find('|');
      if (rest.substr(0, bar) == text) return true;
      if (bar == std::string_view::npos) return false;
      rest = rest.substr(bar + 1);
    }
  }

  [[nodiscard]] constexpr bool admits(std::int64_t value) const {
    if (value < low || value > high) return false;
    if (kind != Kind::choice) return true;
    for (std::size_t i = 0; i < choice_count; ++i)
      if (choices[i] == value) return true;
    return false;
  }
};

constexpr Param number(std::string_view name, std::int64_t low, std::int64_t high) {
  return {.name = name, .low = low, .high = high};
}

constexpr Param choice(std::string_view name, std::initializer_list<std::int32_t> values) {
  Param param{
      .name = name, .low = std::min(values), .high = std::max(values), .kind = Kind::choice};
  for (const auto value : values) param.choices[param.choice_count++] = value;
  return param;
}

constexpr Param text(std::string_view name, std::int64_t min_bytes, std::int64_t max_bytes) {
  return {.name = name,
          .low = min_bytes,
          .high = max_bytes,
          .kind = Kind::text,
          .shown = Shown::quoted};
}

/// The parameters of one command, in order.
class ParamList {
 public:
  static constexpr std::size_t max_params = 10;

  constexpr ParamList() = default;
  constexpr ParamList(std::initializer_list<Param> params) {
    for (const auto& param : params) items_[count_++] = param;
  }

  constexpr void add(const Param& param) { items_[count_++] = param; }

  [[nodiscard]] constexpr std::size_t size() const { return count_; }
  [[nodiscard]] constexpr const Param& operator[](std::size_t i) const { return items_[i]; }
  [[nodiscard]] constexpr const Param* begin() const { return items_.data(); }
  [[nodiscard]] constexpr const Param* end() const { return items_.data() + count_; }

 private:
  std::array<Param, max_params> items_{};
  std::size_t count_ = 0;
};

}  // namespace at
