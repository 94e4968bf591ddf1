// What a run says about how far it is.
#include "conformance/report/progress.hpp"

#include <catch2/catch.hpp>

using namespace conformance;
using namespace std::chrono_literals;

namespace {

struct Console {
  Progress progress(Progress::Kind kind, std::vector<Progress::Time> expected) {
    return {kind, std::move(expected), [this](std::string_view text) { shown += text; }};
  }
  std::string taken() { return std::exchange(shown, {}); }

  std::string shown{};
};

}  // namespace

TEST_CASE("on a terminal one line is written over, below what is said of cases") {
  Console console;
  auto progress = console.progress(Progress::Kind::status, {1s, 1s, 10s});
  progress.tick(0s);
  CHECK(console.taken() == "\r\x1b[K0/3 done, 0 failed, about 12 s left");
  progress.done(Verdict::fail, 2s, "fail one\n");
  CHECK(console.taken() == "\r\x1b[Kfail one\n\r\x1b[K1/3 done, 1 failed, about 22 s left");
  progress.tick(7s);
  CHECK(console.taken() == "\r\x1b[K1/3 done, 1 failed, about 20 s left");
  progress.done(Verdict::pass, 8s, "");
  CHECK(console.taken() == "\r\x1b[K2/3 done, 1 failed, about 40 s left");
  progress.tick(100s);
  CHECK(console.taken() == "\r\x1b[K2/3 done, 1 failed, about 0 s left");
  progress.done(Verdict::pass, 101s, "");
  progress.end();
  CHECK(console.taken() == "\r\x1b[K");
}

TEST_CASE("elsewhere there is a line at most every 15 s, and none for a short run") {
  Console console;
  auto progress = console.progress(Progress::Kind::lines, {60s, 60s, 60s});
  progress.tick(1s);
  progress.tick(14s);
  CHECK(console.taken().empty());
  progress.tick(15s);
  CHECK(console.taken() == "0/3 done, 0 failed, about 3 min left\n");
  progress.tick(29s);
  progress.done(Verdict::inconclusive, 29s, "inconclusive one\n");
  CHECK(console.taken() == "inconclusive one\n");
  progress.tick(30s);
  CHECK(console.taken() == "1/3 done, 0 failed, about 57 s left\n");
  progress.end();
  CHECK(console.taken().empty());
}

TEST_CASE("without progress only what is said of cases is printed") {
  Console console;
  auto progress = console.progress(Progress::Kind::none, {1s, 1s});
  progress.tick(100s);
  progress.done(Verdict::fail, 200s, "fail one\n");
  progress.end();
  CHECK(console.taken() == "fail one\n");
}

TEST_CASE("cases that cost nothing do not upset the estimate") {
  Console console;
  auto progress = console.progress(Progress::Kind::status, {0s, 4s});
  progress.done(Verdict::not_applicable, 1ms, "");
  CHECK(console.taken() == "\r\x1b[K1/2 done, 0 failed, about 4 s left");
}

TEST_CASE("times are told as a person would") {
  CHECK(rounded(0s) == "0 s");
  CHECK(rounded(100ms) == "1 s");
  CHECK(rounded(59s) == "59 s");
  CHECK(rounded(60s) == "1 min");
  CHECK(rounded(179s) == "3 min");
  CHECK(rounded(3600s) == "1 h 0 min");
  CHECK(rounded(3900s) == "1 h 5 min");
}
