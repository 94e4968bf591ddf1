#include "at_engine/timeline.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

TEST_CASE("timers run at their deadline, in order, and those of one deadline as they were added") {
  at::Timeline timeline;
  std::string order;
  timeline.after(2s, [&] { order += 'c'; });
  timeline.after(1s, [&] { order += 'a'; });
  timeline.after(1s, [&] { order += 'b'; });
  timeline.run_until(at::Time(999999us));
  CHECK(order.empty());
  timeline.run_until(at::Time(1s));
  CHECK(order == "ab");
  CHECK(timeline.now() == at::Time(1s));
  timeline.run_until(at::Time(5s));
  CHECK(order == "abc");
  CHECK(timeline.now() == at::Time(5s));
}

TEST_CASE("an action sees its own deadline as now and may add and cancel timers") {
  at::Timeline timeline;
  at::Time seen{};
  bool cancelled_ran = false;
  const auto doomed = timeline.after(2s, [&] { cancelled_ran = true; });
  timeline.after(1s, [&] {
    timeline.cancel(doomed);
    timeline.after(500ms, [&] { seen = timeline.now(); });
  });
  timeline.run_until(at::Time(10s));
  CHECK(seen == at::Time(1500ms));
  CHECK_FALSE(cancelled_ran);
  CHECK(timeline.pending() == 0);
}

TEST_CASE("time does not go back, and a negative delay is none") {
  at::Timeline timeline;
  timeline.run_until(at::Time(5s));
  timeline.run_until(at::Time(1s));
  CHECK(timeline.now() == at::Time(5s));
  timeline.after(-1s, [] {});
  CHECK(timeline.next() == at::Time(5s));
  timeline.cancel(12345);
}

TEST_CASE("a Timer starts again, stops, and goes with its owner") {
  at::Timeline timeline;
  int runs = 0;
  {
    at::Timer timer(timeline);
    timer.start(1s, [&] { ++runs; });
    timer.start(2s, [&] { ++runs; });
    CHECK(timeline.pending() == 1);
    timeline.run_until(at::Time(2s));
    CHECK(runs == 1);
    CHECK_FALSE(timer.running());
    timer.start(1s, [&] { ++runs; });
    timer.stop();
    timer.start(1s, [&] { ++runs; });
  }
  CHECK(timeline.pending() == 0);
}
