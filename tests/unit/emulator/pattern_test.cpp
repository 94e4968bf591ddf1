// Regular expressions of users: what is wrong with one, and one that takes too long.
#include "emulator/faults/pattern.hpp"

#include <sstream>
#include <string>
#include <variant>

#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

using emulator::faults::Pattern;

namespace {

Pattern compiled(const std::string& text) { return std::get<Pattern>(Pattern::compile(text)); }

}  // namespace

TEST_CASE("a pattern is found anywhere in a text") {
  CHECK(compiled("b+c").found_in("abbc"));
  CHECK_FALSE(compiled("^b").found_in("ab"));
  CHECK(std::holds_alternative<std::string>(Pattern::compile("(")));
  CHECK(std::holds_alternative<std::string>(Pattern::compile(std::string(1025, 'a'))));
}

TEST_CASE("a pattern that takes too long has no match, which is said once") {
  std::ostringstream log;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  const auto slow = compiled("(A+)+B");
  const auto text = "AT+" + std::string(60, 'A') + "!AB";
  CHECK_FALSE(slow.found_in(text));
  CHECK_FALSE(slow.found_in(text));
  spdlog::set_default_logger(before);
  const auto said = log.str();
  INFO(said);
  const auto first =
      said.find("the regular expression (A+)+B takes too long on a line of 66 bytes");
  REQUIRE(first != std::string::npos);
  CHECK(said.find("takes too long", first + 80) == std::string::npos);
}
