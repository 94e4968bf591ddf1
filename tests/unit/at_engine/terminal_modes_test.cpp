// What a terminal is about, as onlookers are told; and services and channels that have no more than
// they need.
#include "tests/unit/at_engine/online_bench.hpp"

#include <memory>
#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace online_bench;

namespace {

/// Commands that last: one that answers later, and one that asks for three bytes.
struct Lasting {
  at::Outcome slow() {
    later = std::make_shared<at::Later>();
    return at::Outcome::later(later);
  }
  at::Outcome ask() {
    at::Prompt prompt;
    prompt.length = 3;
    prompt.then = [](const std::string&) { return at::Outcome::ok(); };
    return at::Outcome::prompt(std::move(prompt));
  }
  at::Outcome tell_much() {
    ++times;
    return at::Outcome::ok(std::string(at::Terminal::max_reply / 2, 'x'));
  }
  std::shared_ptr<at::Later> later;
  int times = 0;
};

constexpr std::array<at::Command<Lasting>, 3> lasting_commands{{
    {.name = "+SLOW", .exec = &Lasting::slow, .section = "1", .summary = "answers later"},
    {.name = "+ASK", .exec = &Lasting::ask, .section = "1", .summary = "asks for data"},
    {.name = "+MUCH", .exec = &Lasting::tell_much, .section = "1", .summary = "tells much"},
}};

struct LastingSession : Session {
  LastingSession() {
    registry.add(lasting_commands);
    channel.emplace(timeline, port, log, registry, at::Asker{2});
    channel->bind(lasting);
    channel->bind(dial);
    channel->channel().echo = false;
  }
  void type(std::string_view bytes) { channel->receive(bytes); }
  void is(std::string_view mode, std::string_view about) {
    CHECK(channel->mode_name() == mode);
    CHECK(channel->busy().value_or("") == about);
  }

  Lasting lasting;
  std::optional<at::Terminal> channel;
};

/// An end of a call that does what it must.
struct Plain : at::Online {
  void connected(at::OnlineChannel& at) override { channel = &at; }
  void receive(std::string_view bytes) override { heard += bytes; }
  void hung_up() override { ++ends; }
  [[nodiscard]] bool is_call() const override { return calls; }
  at::OnlineChannel* channel = nullptr;
  bool calls = true;
  std::string heard;
  int ends = 0;
};

struct PlainDial {
  at::Outcome dial() {
    last = std::make_shared<Plain>();
    last->calls = calls;
    return at::Outcome::online(last);
  }
  at::Outcome back() { return at::Outcome::resume(); }
  std::shared_ptr<Plain> last;
  bool calls = true;
};

constexpr std::array<at::Command<PlainDial>, 2> plain_commands{{
    {.name = "+DIAL", .exec = &PlainDial::dial, .section = "1", .summary = "dials"},
    {.name = "O", .exec = &PlainDial::back, .section = "1", .summary = "back"},
}};

/// No more than a port has to be.
struct PlainPort : at::Port {
  void write(std::string_view bytes) override { unread += bytes; }
  std::string unread;
};

struct PlainSession {
  at::Timeline timeline;
  support::MemoryLog log;
  PlainPort port;
  at::Registry registry = [] {
    at::Registry made;
    made.add(plain_commands);
    return made;
  }();
  PlainDial dial;
  at::Terminal terminal{timeline, port, log, registry, at::Asker{1}};

  PlainSession() {
    terminal.bind(dial);
    terminal.channel().echo = false;
  }
};

}  // namespace

TEST_CASE("a terminal tells what it is about") {
  LastingSession session;
  session.is("command", "");
  SECTION("a line") {
    session.type("AT+CS");
    session.is("command", "a line is begun");
    session.type("Q\r");
  }
  SECTION("a command") {
    session.type("AT+SLOW\r");
    session.is("executing", "a command runs");
    session.lasting.later->settle_with(at::Outcome::ok());
  }
  SECTION("data") {
    session.type("AT+ASK\r");
    session.is("data", "a prompt is open");
    session.type("abc");
  }
  SECTION("a connection") {
    session.type("AT+DIAL\r");
    session.is("online", "a connection lasts");
    session.far().channel->carrier_lost();
  }
  session.is("command", "");
}

TEST_CASE("a line whose answers grow too long runs no further command, and fails") {
  LastingSession session;
  session.type("AT+MUCH;+MUCH;+MUCH;+MUCH\r");
  CHECK(session.lasting.times == 2);
  CHECK(session.port.unread.size() > at::Terminal::max_reply);
  CHECK(session.port.unread.ends_with("\r\nERROR\r\n"));
  session.port.unread.clear();
  session.type("AT\r");
  CHECK(session.port.unread == ok);
}

TEST_CASE("a service that only ends is ended by whatever takes its channel from it") {
  PlainSession session;
  auto& timeline = session.timeline;
  auto& port = session.port;
  auto& dial = session.dial;
  auto& terminal = session.terminal;
  terminal.receive("AT+DIAL\r");
  CHECK(std::exchange(port.unread, {}) == connect);
  const auto first = dial.last;
  SECTION("its port is drained, and the host is told to wait, without a word") {
    terminal.drained();
    first->channel->hold(true);
    CHECK(first->ends == 0);
    CHECK(port.unread.empty());
  }
  SECTION("a host that closes the port leaves it online") {
    terminal.host_left(false);
    CHECK(terminal.is_online());
    terminal.receive("more");
    CHECK(first->heard == "more");
  }
  SECTION("another one in its place") {
    timeline.run_until(timeline.now() + 2s);
    terminal.receive("+++");
    timeline.run_until(timeline.now() + 1s);
    CHECK(std::exchange(port.unread, {}) == ok);
    SECTION("or none: it goes on") {
      terminal.receive("ATO\r");
      CHECK(port.unread == connect);
      CHECK(first->ends == 0);
      terminal.receive("more");
      CHECK(first->heard == "more");
    }
    SECTION("dialled while it is suspended") {
      terminal.receive("AT+DIAL\r");
      CHECK(port.unread == connect);
      CHECK(first->ends == 1);
      CHECK(dial.last->ends == 0);
    }
  }
}

TEST_CASE("a service that is no call need not look at the host's lines") {
  PlainSession session;
  auto& port = session.port;
  auto& dial = session.dial;
  auto& terminal = session.terminal;
  dial.calls = false;
  terminal.receive("AT+DIAL\r");
  CHECK(std::exchange(port.unread, {}) == ok);
  terminal.dtr(false);
  terminal.host_left(false);
  CHECK(dial.last->ends == 0);
  terminal.receive("more");
  CHECK(dial.last->heard == "more");
  CHECK(port.unread.empty());
}

TEST_CASE("a channel that drives no lines has the basic commands all the same") {
  at::Timeline timeline;
  support::MemoryLog log;
  support::MemoryFlash flash;
  support::FakePort port;
  at::Registry registry;
  registry.add(at::families::V250::commands());
  at::Terminal terminal(timeline, port, log, registry, at::Asker{1});
  at::families::V250 v250("uart1", terminal.channel(), flash, {});
  terminal.bind(v250);
  v250.restore();
  terminal.receive("ATE0&C0&W\r");
  CHECK(terminal.channel().dcd == 0);
  terminal.receive("AT&F\r");
  CHECK(terminal.channel().dcd == 1);
  CHECK(terminal.channel().echo);
  terminal.receive("ATZ\r");
  CHECK(terminal.channel().dcd == 0);
  CHECK_FALSE(terminal.channel().echo);
}

TEST_CASE("a stored setting that is not there, or is out of its range, is as it was") {
  const at::Profile profile{{"E", 1}, {"X", 9}};
  const auto levels = at::number("level", 0, 4);
  CHECK(at::stored_value(profile, "E", levels, 3) == 1);
  CHECK(at::stored_value(profile, "X", levels, 3) == 3);
  CHECK(at::stored_value(profile, "Q", levels, 3) == 3);
}

TEST_CASE("arguments of a command that has none are not given") {
  const at::Args none;
  CHECK_FALSE(none.given(0));
  CHECK(none.number_or(0, 7) == 7);
}
