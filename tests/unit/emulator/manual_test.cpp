// The manual in the tree, which people read, and what the declarations of the commands say.
#include "emulator/describe.hpp"
#include "emulator/module/command_set.hpp"
#include "tests/support/places.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

TEST_CASE("the manual in the tree says of every command what its declaration does") {
  std::ifstream kept(support::in_tree("emulator/commands.md"));
  std::istringstream described(emulator::describe(emulator::command_set({})));
  REQUIRE(kept);
  std::string title;
  std::string expected;
  for (std::string line; std::getline(described, line);) {
    if (line.starts_with("## ")) title = line;
    CAPTURE(title);
    REQUIRE(std::getline(kept, expected));
    REQUIRE(line == expected);
  }
  CHECK_FALSE(std::getline(kept, expected));
}
