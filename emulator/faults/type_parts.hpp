// What the tables of faults are put together from.
#pragma once

#include "emulator/faults/fault_type.hpp"

namespace emulator::faults {

constexpr std::int64_t longest_answer = 1'048'576;

constexpr Param number(std::string_view name, std::int64_t low, std::int64_t high,
                       std::string_view summary) {
  return {.name = name, .kind = Param::Kind::number, .low = low, .high = high, .summary = summary};
}

constexpr Param ms(std::string_view summary) { return number("ms", 0, longest_ms, summary); }

constexpr Param text(std::string_view name, std::int64_t low, std::int64_t high,
                     std::string_view summary) {
  return {.name = name, .kind = Param::Kind::text, .low = low, .high = high, .summary = summary};
}

/// `words` with '|' between.
constexpr Param word(std::string_view name, std::string_view words, std::string_view summary) {
  return {.name = name, .kind = Param::Kind::word, .words = words, .summary = summary};
}

/// `otherwise` stands for one that is left out; empty: nothing does.
constexpr Param optional(Param param, std::string_view otherwise = "") {
  param.optional = true;
  param.otherwise = otherwise;
  return param;
}

/// Of a fault that lasts: without it, until it is removed.
constexpr Param for_s(std::string_view summary) {
  return optional(number("s", 1, longest_s, summary));
}

}  // namespace emulator::faults
