// `eg91xq ctl` as a program: help, completion, and what is asked of the program itself.
#include "tests/support/ctl_bench.hpp"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

TEST_CASE("health and openapi [CTL-19]") {
  OnlyModem modem;
  done(ctl({"health"}), "ready\n");
  CHECK(as_json(ctl({"health", "--json"})) == json{{"ready", true}});
  CHECK(as_json(ctl({"openapi"})).at("openapi") == "3.1.0");
}

TEST_CASE("what is no command, and help [CTL-19]") {
  refused(ctl({"frobnicate"}), "frobnicate: there is no such command");
  refused(ctl({}), "--help");
  refused(ctl({"--jsno", "state"}), "did you mean --json?");
  CHECK_THAT(ctl({"--help"}).out, Contains("journal") && Contains("--ready-file"));
  CHECK_THAT(ctl({"fault", "add", "--help"}).out, Contains("--probability"));
}
