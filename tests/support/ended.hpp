// A program that is run to its end, for tests which only want to know how that was.
#pragma once

#include "tests/support/program.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace support {

struct Ended {
  int code = -1;  // -1: it still ran after the limit
  std::string out{};
  std::string err{};
};

/// Without input. Throws std::runtime_error when it cannot be started.
inline Ended run(const std::vector<std::string>& words,
                 std::chrono::milliseconds limit = patience) {
  Program program(words);
  program.end_input();
  const auto code = program.end(limit);
  return {code.value_or(-1), program.out(), program.err()};
}

}  // namespace support
