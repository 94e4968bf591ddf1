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
