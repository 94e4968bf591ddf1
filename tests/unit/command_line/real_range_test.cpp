// Real numbers as options take them.
#include "command_line/real_range.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace {

bool admits(const std::string& text) {
  auto given = text;
  return command_line::real_range(0.5, 100)(given).empty();
}

}  // namespace

TEST_CASE("a real number is within its bounds, or refused") {
  CHECK(admits("0.5"));
  CHECK(admits("100"));
  CHECK_FALSE(admits("0.4999"));
  CHECK_FALSE(admits("100.1"));
  CHECK_FALSE(admits("inf"));
  CHECK_FALSE(admits("-inf"));
  CHECK_FALSE(admits("nan"));
  CHECK_FALSE(admits("-nan"));
  CHECK_FALSE(admits("NaN"));
  CHECK_FALSE(admits("word"));
  std::string nan = "nan";
  CHECK(command_line::real_range(0.5, 100)(nan) == "Value nan not in range [0.5 - 100]");
}
