// How long is waited for what a unit keeps owing.
#include "conformance/run/patience.hpp"

#include <catch2/catch.hpp>

using namespace conformance;
using namespace std::chrono_literals;

namespace {

const Wait opening{"result of +QMTOPEN", 120s, 121500ms};
const Wait closing{"result of +QMTCLOSE", 30s, 30s};

void miss(Patience& patience, const Wait& wait, int times) {
  for (int i = 0; i < times; ++i) patience.missed(wait);
}

}  // namespace

TEST_CASE(
    "a quick run waits for a hundredth of what was missed three times, and for nothing else") {
  Patience patience(true);
  miss(patience, opening, 2);
  CHECK(patience.of(opening) == 121500ms);
  CHECK(patience.cut().empty());
  patience.missed(opening);
  CHECK(patience.of(opening) == 1215ms);
  CHECK(patience.too_short(opening));
  CHECK(patience.of(closing) == 30s);
  CHECK_FALSE(patience.too_short(closing));
}

TEST_CASE("other runs wait the whole time, whatever was missed") {
  Patience patience(false);
  miss(patience, opening, 100);
  CHECK(patience.of(opening) == 121500ms);
  CHECK(patience.cut().empty());
}

TEST_CASE("a wait that is cut gives twice the time that the unit once took, and 300 ms") {
  Patience patience(true);
  patience.met(opening, 20s);
  patience.met(opening, 1s);
  miss(patience, opening, 3);
  CHECK(patience.of(opening) == 40s);
  patience.met(opening, 100s);
  CHECK(patience.of(opening) == 121500ms);
  const Wait answer{"answer of +QMTCFG", 300ms, 1800ms};
  miss(patience, answer, 3);
  CHECK(patience.of(answer) == 300ms);
  CHECK_FALSE(patience.too_short(answer));
}

TEST_CASE("a wait that judges nothing is cut from the first miss on, and says nothing of others") {
  const Wait cleaning{"result of +QMTCLOSE", 30s, 30s, false};
  Patience patience(true);
  CHECK(patience.of(cleaning) == 30s);
  miss(patience, cleaning, 10);
  CHECK(patience.of(cleaning) == 300ms);
  CHECK(patience.of(closing) == 30s);
  CHECK(patience.cut().at(0).times == 9);
  patience.met(closing, 2s);
  CHECK(patience.of(cleaning) == 4s);
  miss(patience, closing, 2);
  CHECK(patience.of(closing) == 4s);
}

TEST_CASE("what was cut is told: how often, and how long was waited instead of how long") {
  Patience patience(true);
  miss(patience, opening, 5);
  miss(patience, closing, 3);
  const auto cut = patience.cut();
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].what == "result of +QMTOPEN");
  CHECK(cut[0].whole == 121500ms);
  CHECK(cut[0].waited == 1215ms);
  CHECK(cut[0].times == 2);
}

TEST_CASE("a wait without a name is of no kind") {
  Patience patience(true);
  const Wait timer{"", 5s, 5s};
  miss(patience, timer, 5);
  CHECK(patience.of(timer) == 5s);
  CHECK_FALSE(patience.too_short(timer));
}

TEST_CASE("what was waited for to its end is not too short, though the end came before the limit") {
  const Patience patience(false);
  CHECK_FALSE(patience.too_short({"URC +QMTSTAT", 5001ms, 5000ms}));
}
