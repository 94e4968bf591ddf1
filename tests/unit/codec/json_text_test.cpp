// Documents of others: how deep they may be, and which numbers can be held.
#include "codec/json_text.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using codec::nests_too_deep;
using codec::parse_json;
using codec::whole_number;
using codec::why_no_json;

namespace {

std::string nested(std::size_t depth, const std::string& open = "[",
                   const std::string& close = "]") {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

}  // namespace

TEST_CASE("a document may be nested 32 times, and no more") {
  CHECK(parse_json(nested(32)).is_array());
  CHECK(parse_json(nested(33)).is_discarded());
  CHECK(parse_json(nested(32, R"({"a":)", "}")).is_object());
  CHECK(parse_json(nested(33, R"({"a":)", "}")).is_discarded());
  CHECK(parse_json(nested(1'000'000)).is_discarded());
  CHECK(parse_json(std::string(1'000'000, '[')).is_discarded());
}

TEST_CASE("brackets in a text and those that are closed nest nothing") {
  std::string flat = "[";
  for (int i = 0; i < 100; ++i) flat += R"([],{"a":1},)";
  CHECK_FALSE(nests_too_deep(flat + "1]"));
  CHECK_FALSE(nests_too_deep('"' + std::string(100, '[') + '"'));
  CHECK_FALSE(nests_too_deep(R"("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")"));
  CHECK(nests_too_deep(R"("\\")" + std::string(33, '[')));
  CHECK_FALSE(nests_too_deep("\"\\"));
}

TEST_CASE("what is no JSON is discarded") {
  CHECK(parse_json("").is_discarded());
  CHECK(parse_json("{").is_discarded());
  CHECK(parse_json("\"\xff\"").is_discarded());
}

TEST_CASE("what is wrong with a document is said with its place") {
  CHECK(
      why_no_json("") ==
      "is not JSON: line 1, column 1: syntax error while parsing value - unexpected end of input; "
      "expected '[', '{', or a literal");
  CHECK(why_no_json("{\n  \"a\": 1,\n}") ==
        "is not JSON: line 3, column 1: syntax error while parsing object key - unexpected '}'; "
        "expected string literal");
  CHECK(why_no_json("[\"\xff\"]") ==
        "is not JSON: line 1, column 3: syntax error while parsing value - invalid string: "
        "ill-formed UTF-8 byte");
  CHECK(why_no_json("[1e999]") == "is not JSON: number overflow parsing '1e999'");
  CHECK(why_no_json(nested(33)) == "is nested deeper than 32");
  CHECK(why_no_json("[1]") == "is JSON");
}

TEST_CASE("a complaint has the whole place of the member that it is about") {
  using codec::complaint;
  CHECK(complaint("", "a list is missing") == "a list is missing");
  CHECK(complaint("zone", "zone must be -48 to 56") == "zone must be -48 to 56");
  CHECK(complaint("events[1].zone", "zone must be -48 to 56") ==
        "events[1].zone must be -48 to 56");
  CHECK(complaint("events", "more than 1000 events") == "events: more than 1000 events");
}

TEST_CASE("whole numbers are those of 64 bits with a sign") {
  CHECK(whole_number(parse_json("9223372036854775807")) == INT64_MAX);
  CHECK(whole_number(parse_json("-9223372036854775808")) == INT64_MIN);
  CHECK(whole_number(parse_json("9223372036854775808")) == std::nullopt);
  CHECK(whole_number(parse_json("18446744073709551531")) == std::nullopt);
  CHECK(whole_number(parse_json("1.5")) == std::nullopt);
  CHECK(whole_number(parse_json("\"1\"")) == std::nullopt);
}
