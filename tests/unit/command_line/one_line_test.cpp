// What users write, quoted in a message.
#include "command_line/one_line.hpp"

#include <catch2/catch.hpp>

using command_line::one_line;

TEST_CASE("a quoted text has no control characters, and is otherwise as it was") {
  CHECK(one_line("").empty());
  CHECK(one_line("a name \\ \"x\"") == "a name \\ \"x\"");
  CHECK(one_line("a\nb\r\tc") == R"(a\x0Ab\x0D\x09c)");
  CHECK(one_line("\x1B[31m\x7F") == R"(\x1B[31m\x7F)");
  CHECK(one_line({"\0", 1}) == R"(\x00)");
  CHECK(one_line("Grüße") == "Grüße");
}
