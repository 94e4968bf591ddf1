// How virtual time goes with real time, which is the test's own here: scale, pause, steps, leaps.
#include "emulator/pump.hpp"

#include "tests/support/fake_time.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace emulator;
using namespace std::chrono_literals;

namespace {

/// An answer that is waited for.
struct Answer : net::Activity::Source {
  using Source::Source;
  bool under_way() override { return !come; }
  bool come = false;
};

struct Clockwork {
  explicit Clockwork(double scale = 1) : pump(real, timeline, scale) {}

  /// Writes down its name, and when it fires.
  void set(const std::string& name, at::Duration after, at::TimerKind kind = at::TimerKind::once) {
    pump.run([&] {
      timeline.after(
          after, [this, name] { fired.push_back(name + '@' + now()); }, kind);
    });
  }
  /// In whole milliseconds of virtual time.
  std::string now() {
    const auto passed = timeline.now().time_since_epoch();
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
  }
  std::string now_after(RealTime::Moment::duration time) {
    real.pass(time);
    pump.run([] {});
    return now();
  }
  std::string end_of_advance(RealTime::Moment::duration time) {
    real.pass(time);
    return std::exchange(ended, std::string());
  }
  void advance_by(at::Duration time) { pump.advance_by(time, done()); }
  void advance_until_idle(at::Duration limit) { pump.advance_until_idle(limit, done()); }
  Pump::Done done() {
    return
        [this](Pump::Ended how) { ended = (how == Pump::Ended::done ? "done@" : "late@") + now(); };
  }

  support::FakeTime real;
  at::Timeline timeline;
  Pump pump;
  std::vector<std::string> fired;
  std::string ended;
};

using Fired = std::vector<std::string>;

}  // namespace

TEST_CASE("[CTL-16] virtual time goes at the scale, and a timer fires at its own time") {
  Clockwork clock(10);
  clock.set("a", 25ms);
  CHECK(clock.now_after(2ms) == "20");
  CHECK(clock.fired.empty());
  clock.real.pass(1ms);
  CHECK(clock.fired == Fired{"a@25"});
}

TEST_CASE("[CTL-16] another scale begins where the last one has ended") {
  Clockwork clock;
  clock.set("a", 2s);
  CHECK(clock.now_after(1s) == "1000");
  clock.pump.rescale(10);
  CHECK(clock.now() == "1000");
  clock.real.pass(99ms);
  CHECK(clock.fired.empty());
  clock.real.pass(1ms);
  CHECK(clock.fired == Fired{"a@2000"});
  clock.pump.rescale(0.5);
  CHECK(clock.now_after(2s) == "3000");
}

TEST_CASE("[CTL-16] while it is paused nothing fires but what is due at that moment") {
  Clockwork clock;
  clock.set("a", 100ms);
  CHECK(clock.now_after(40ms) == "40");
  clock.pump.pause(true);
  CHECK(clock.pump.rate() == 0);
  clock.set("now", 0ms);
  CHECK(clock.now_after(1h) == "40");
  CHECK(clock.fired == Fired{"now@40"});
  clock.pump.rescale(2);
  CHECK(clock.now_after(1h) == "40");
  clock.pump.pause(false);
  CHECK(clock.pump.rate() == 2);
  clock.real.pass(29ms);
  CHECK(clock.fired == Fired{"now@40"});
  clock.real.pass(1ms);
  CHECK(clock.fired == Fired{"now@40", "a@100"});
}

TEST_CASE("[CTL-16] a step runs what is due within it, and nothing behind it") {
  Clockwork clock;
  clock.pump.pause(true);
  clock.set("a", 59s);
  clock.set("b", 61s);
  clock.advance_by(60s);
  CHECK(clock.end_of_advance(100ms) == "done@60000");
  CHECK(clock.fired == Fired{"a@59000"});
  CHECK(clock.pump.paused());
  CHECK(clock.now_after(1h) == "60000");
  clock.advance_by(1s);
  CHECK(clock.end_of_advance(100ms) == "done@61000");
  CHECK(clock.fired == Fired{"a@59000", "b@61000"});
}

TEST_CASE("[CTL-16] a step of real time's length needs no quiet") {
  Clockwork clock;
  clock.pump.pause(true);
  clock.advance_by(10ms);
  CHECK(clock.end_of_advance(9ms).empty());
  CHECK(clock.end_of_advance(1ms) == "done@10");
}

TEST_CASE("[CTL-16] until idle: what renews itself is not waited for") {
  Clockwork clock;
  clock.pump.pause(true);
  clock.set("keep-alive", 120s, at::TimerKind::recurring);
  clock.set("a", 300s);
  clock.advance_until_idle(1h);
  CHECK(clock.end_of_advance(100ms) == "done@300020");
  CHECK(clock.fired == Fired{"keep-alive@120000", "a@300000"});
  clock.set("keep-alive", 120s, at::TimerKind::recurring);
  clock.advance_until_idle(1h);
  CHECK(clock.end_of_advance(100ms) == "done@300040");
}

TEST_CASE("[CTL-16] until idle has a limit in virtual time") {
  Clockwork clock;
  clock.pump.pause(true);
  clock.set("a", 2h);
  clock.advance_until_idle(1h);
  CHECK(clock.end_of_advance(100ms) == "late@3600000");
  CHECK(clock.fired.empty());
}

TEST_CASE("[CTL-16] an advance that is given up leaves the clock where it has come to") {
  Clockwork clock;
  clock.pump.pause(true);
  Answer answer(clock.pump.activity());
  clock.advance_by(1h);
  clock.real.pass(5s);
  clock.pump.cancel_advance();
  CHECK(clock.now_after(1h) == "5000");
  CHECK(clock.ended.empty());
  CHECK(clock.pump.paused());
}

TEST_CASE("[CTL-16] skip leaps from timer to timer, a grace after each") {
  Clockwork clock;
  clock.set("a", 1h);
  clock.set("b", 2h);
  clock.pump.skip(true);
  clock.real.pass(19ms);
  CHECK(clock.fired.empty());
  clock.real.pass(1ms);
  CHECK(clock.fired == Fired{"a@3600000"});
  clock.real.pass(20ms);
  CHECK(clock.fired == Fired{"a@3600000", "b@7200000"});
  CHECK_FALSE(clock.real.rings_at);
  CHECK(clock.now_after(1s) == "7201000");
}

TEST_CASE("[CTL-16] skip waits while somebody outside gives a sign of life") {
  Clockwork clock;
  clock.set("a", 1h);
  clock.pump.skip(true);
  SECTION("through the pump") {
    for (int i = 0; i < 100; ++i) {
      clock.real.pass(19ms);
      clock.pump.run([] {});
    }
  }
  SECTION("bytes at a socket") {
    for (int i = 0; i < 100; ++i) {
      clock.real.pass(19ms);
      clock.pump.activity()->stir();
    }
  }
  CHECK(clock.fired.empty());
  CHECK(clock.now_after(0ms) == "1900");
  clock.real.pass(40ms);
  CHECK(clock.fired == Fired{"a@3600000"});
}

TEST_CASE("[CTL-16] while an answer is under way the clock goes at its scale") {
  Clockwork clock;
  clock.set("timeout", 5s);
  clock.set("keep-alive", 1h);
  const auto mode = GENERATE(true, false);
  if (mode) {
    clock.pump.skip(true);
  } else {
    clock.pump.pause(true);
    clock.advance_by(2h);
  }
  {
    Answer answer(clock.pump.activity());
    SECTION("it comes, and is not timed out") {
      clock.real.pass(300ms);
      CHECK(clock.fired.empty());
      CHECK(clock.now_after(0ms) == "300");
      answer.come = true;
      clock.real.pass(40ms);
      CHECK(clock.fired.front() == "timeout@5000");
    }
    SECTION("it never comes, and times out when it should") {
      clock.real.pass(4999ms);
      CHECK(clock.fired.empty());
      clock.real.pass(1ms);
      CHECK(clock.fired == Fired{"timeout@5000"});
    }
  }
  clock.real.pass(60ms);
  CHECK(clock.fired == Fired{"timeout@5000", "keep-alive@3600000"});
}

TEST_CASE("[CTL-16] paused, skip stands too, and goes on with it") {
  Clockwork clock;
  clock.set("a", 1h);
  clock.pump.skip(true);
  clock.pump.pause(true);
  CHECK(clock.now_after(1h) == "0");
  clock.pump.pause(false);
  clock.real.pass(20ms);
  CHECK(clock.fired == Fired{"a@3600000"});
  clock.set("b", 1h);
  clock.pump.skip(false);
  clock.real.pass(100ms);
  CHECK(clock.fired.size() == 1);
}

TEST_CASE("a virtual day of a timer every 120 s is 720 leaps [CTL-16]") {
  Clockwork clock;
  int pings = 0;
  at::Timer t2(clock.timeline);
  std::function<void()> ping = [&] {
    ++pings;
    t2.start(120s, ping, at::TimerKind::recurring);
  };
  clock.pump.run([&] { t2.start(120s, ping, at::TimerKind::recurring); });
  clock.pump.skip(true);
  clock.real.pass(720 * 20ms);
  CHECK(pings == 720);
  CHECK(clock.now() == "86400000");
}
