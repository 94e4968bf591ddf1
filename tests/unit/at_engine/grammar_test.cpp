// Calls of a line as they are typed: what the journal shows and conditions of faults are held
// against.
#include "at_engine/grammar.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

TEST_CASE("a call reads as it stood on its line [GRAM-7]") {
  std::vector<std::string> read;
  for (const auto* line :
       {"e0v1;+csq;+qmtopen=0,\"host\",1883", "&F0S3=13S3?+CMEE?;+CMEE=?", "D*99#"})
    for (const auto& call : at::parse_line(line).calls) read.push_back(at::typed(call));
  CHECK(read == std::vector<std::string>{"E0", "V1", "+CSQ", "+QMTOPEN=0,\"host\",1883", "&F0",
                                         "S3=13", "S3?", "+CMEE?", "+CMEE=?", "D*99#"});
}

TEST_CASE("a name begins as V.250 lets it, and has a few signs in it [GRAM-7]") {
  for (const auto* name :
       {"+CSQ", "*CSQ", "^CSQ", "$CSQ", "+A-B", "+A/B", "+A:B", "+A_B", "+A!B", "+A%B", "+9.9"}) {
    CAPTURE(name);
    const auto line = at::parse_line(std::string(name) + " ?;E0");
    CHECK(line.complete);
    REQUIRE(line.calls.size() == 2);
    CHECK(line.calls[0].name == name);
    CHECK(line.calls[0].type == at::CallType::read);
  }
}

TEST_CASE("a line is read as far as it is one [GRAM-7]") {
  for (const auto* rest : {"1", "&", "&1", "S", "S=1", "S3", "S3 1", "S3=", "+CSQ(", "+CSQ?E0",
                           "+CSQ=?E0", "#CSQ", "@"}) {
    CAPTURE(rest);
    const auto line = at::parse_line(std::string("E0;") + rest);
    CHECK_FALSE(line.complete);
    CHECK(line.calls.size() == 1);
  }
}

TEST_CASE("control characters count inside of quotes alone") {
  const auto line = at::parse_line("+C\x01SQ=\"a\x02;b\";\x1F E1");
  CHECK(line.complete);
  REQUIRE(line.calls.size() == 2);
  CHECK(at::typed(line.calls[0]) == "+CSQ=\"a\x02;b\"");
  CHECK(at::typed(line.calls[1]) == "E1");
}
