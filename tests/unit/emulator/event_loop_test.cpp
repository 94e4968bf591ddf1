// The program's loop: what a handler throws, and how long it stays awake for a host.
#include "emulator/event_loop.hpp"

#include <stdexcept>
#include <string>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

using emulator::EventLoop;
using emulator::Watchfulness;
using namespace std::chrono_literals;

TEST_CASE("what a handler throws is told, and the loop goes on") {
  boost::asio::io_context io;
  std::string told;
  EventLoop loop(io, [&](const std::string& what) { told += what + ";"; });
  boost::asio::post(io, [] { throw std::runtime_error("first"); });
  boost::asio::post(io, [] { throw 42; });
  boost::asio::post(io, [&] { told += "still here;"; });
  loop.run();
  CHECK(told == "first;an exception without a description;still here;");
}

TEST_CASE("what can wait is done piece by piece, in turn, when nothing else is to be done") {
  boost::asio::io_context io;
  std::string told;
  EventLoop loop(io, [](const std::string&) {});
  auto work = boost::asio::make_work_guard(io);
  int left = 3;
  boost::asio::post(io, [&] {
    loop.when_idle([&] {
      told += "a";
      if (left == 3) boost::asio::post(io, [&] { told += "event;"; });
      return --left > 0;
    });
    loop.when_idle([&] {
      told += "b";
      if (left == 0) io.stop();
      return left > 0;
    });
    told += "begun;";
  });
  loop.run();
  CHECK(told == "begun;aevent;babab");
}

namespace {

using Speaker = Watchfulness::Speaker;

/// Plays `count` hosts that speak in turn, one every `pause`, for a second. The answer is the part
/// of the time that was spent awake, in percent.
double awake(int count, std::chrono::nanoseconds pause) {
  constexpr auto step = 1us;
  Watchfulness watchfulness;
  const Watchfulness::Time begin{1h};
  Watchfulness::Time next = begin;
  std::vector<char> hosts(static_cast<std::size_t>(count));
  std::size_t turn = 0;
  std::chrono::nanoseconds spent{};
  for (auto now = begin; now < begin + 1s; now += step) {
    if (now >= next) {
      watchfulness.heard(&hosts[turn++ % hosts.size()], Speaker::host, now);
      watchfulness.event(now);
      next += pause;
    }
    if (watchfulness.awake(now)) spent += step;
  }
  return static_cast<double>(spent.count()) / 1e7;
}

}  // namespace

TEST_CASE("hosts that ask on soon are waited for awake, one like a fleet") {
  CHECK(awake(1, 30us) > 99);
  CHECK(awake(1, 199us) > 99);
  CHECK(awake(10, 30us) > 99);
  CHECK(awake(1000, 199us) > 99);
}

TEST_CASE("a fleet, or a host that takes its time, finds us asleep but for a moment") {
  CHECK(awake(1000, 1ms) < 0.1);
  CHECK(awake(1000, 201us) < 0.1);
  CHECK(awake(2, 500us) < 10.3);
  CHECK(awake(1, 201us) < 26);
  CHECK(awake(1, 2ms) < 2.6);
}

namespace {

/// A host comes back `times` times, always soon, the last time at `now`.
void come_back(Watchfulness& watchfulness, const void* host, int times, Watchfulness::Time now) {
  for (int left = times; left >= 0; --left)
    watchfulness.heard(host, Speaker::host, now - left * 100us);
}

}  // namespace

TEST_CASE("after any event the next is waited for awake a moment") {
  Watchfulness watchfulness;
  const Watchfulness::Time now{1h};
  CHECK_FALSE(watchfulness.awake(now));
  watchfulness.event(now);
  CHECK(watchfulness.awake(now + 50us));
  CHECK_FALSE(watchfulness.awake(now + 51us));
}

TEST_CASE("a host that is late once is still waited for, one that is late often is not") {
  Watchfulness watchfulness;
  Watchfulness::Time now{1h};
  const int host = 0;
  come_back(watchfulness, &host, 7, now);
  CHECK_FALSE(watchfulness.awake(now));
  come_back(watchfulness, &host, 16, now += 10ms);
  CHECK(watchfulness.awake(now + 200us));
  CHECK_FALSE(watchfulness.awake(now + 201us));
  watchfulness.heard(&host, Speaker::host, now += 1s);
  CHECK(watchfulness.awake(now));
  watchfulness.heard(&host, Speaker::host, now += 1s);
  watchfulness.heard(&host, Speaker::host, now += 1s);
  CHECK_FALSE(watchfulness.awake(now));
}

TEST_CASE("a host whose broker speaks between its commands is not waited for long") {
  Watchfulness watchfulness;
  const int host = 0;
  const int broker = 0;
  Watchfulness::Time now{1h};
  for (int round = 0; round < 1000; ++round) {
    come_back(watchfulness, &host, 7, now);
    CHECK_FALSE(watchfulness.awake(now));
    watchfulness.heard(&broker, Speaker::peer, now += 50us);
    CHECK_FALSE(watchfulness.awake(now));
    now += 2ms;
  }
}
