// Which events satisfy which members of an expectation.
#include "emulator/journal/expectation.hpp"

#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace emulator::journal;
using nlohmann::json;
using State = Expectation::State;

namespace {

Expectation expecting(const char* body) {
  auto parsed = Expectation::parse(json::parse(body));
  REQUIRE(std::holds_alternative<Expectation>(parsed));
  return std::get<Expectation>(std::move(parsed));
}

Event command(std::uint64_t seq, const char* line) {
  return {seq, {}, Kind::command, {{"line", std::string(line)}}};
}

}  // namespace

TEST_CASE("an event that fits two members leaves one for whom only that fits [CTL-14]") {
  auto expectation = expecting(R"({"all":[{"kind":"command","line":"QMT"},
      {"kind":"command","line":"QMTOPEN"},{"kind":"command","line":"QMT.*=0"}]})");
  CHECK(expectation.see(command(1, "+QMTOPEN=0")) == State::open);
  CHECK(expectation.see(command(2, "+QMTCONN=1")) == State::open);
  CHECK(expectation.see(command(3, "+QMTCONN=2")) == State::open);
  CHECK(expectation.see(command(4, "+QMTDISC=0")) == State::met);
  CHECK(expectation.verdict() == json{{"matched", {2, 1, 4}}});
}

TEST_CASE("one event satisfies one member only [CTL-14]") {
  auto expectation =
      expecting(R"({"all":[{"kind":"command","line":"CSQ"},{"kind":"command","line":"CSQ"}]})");
  CHECK(expectation.see(command(1, "+CSQ")) == State::open);
  CHECK(expectation.see(command(2, "+CREG?")) == State::open);
  CHECK(expectation.end() == State::failed);
  const auto verdict = expectation.verdict();
  CHECK(verdict.at("missing") == json::array({{{"kind", "command"}, {"line", "CSQ"}}}));
  CHECK(verdict.at("nearest") == json::array({{{"seq", 2}, {"why", "line is \"+CREG?\""}}}));
}

TEST_CASE("in order the first that fits is taken [CTL-14]") {
  auto expectation = expecting(
      R"({"ordered":true,"all":[{"kind":"command","line":"CSQ"},{"kind":"command","line":"C"}]})");
  CHECK(expectation.see(command(1, "+CREG?")) == State::open);
  CHECK(expectation.see(command(2, "+CSQ")) == State::open);
  CHECK(expectation.see(command(3, "+CSQ")) == State::met);
  CHECK(expectation.verdict() == json{{"matched", {2, 3}}});
}
