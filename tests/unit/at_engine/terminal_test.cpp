// The terminal's limits and writes: what transcripts cannot say conveniently.
#include "at_engine/cme.hpp"
#include "at_engine/pending.hpp"
#include "tests/support/world.hpp"

#include <memory>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {

struct Session : support::World {
  explicit Session(const emulator::Modem::Settings& settings = {}) : World(settings) {
    modem.power_on();
    terminals[0]->channel().echo = false;
    port().writes.clear();
    port().unread.clear();
  }

  support::FakePort& port() { return ports[0]; }

  std::string answer(std::string_view bytes) {
    terminals[0]->receive(bytes);
    settle();
    return std::exchange(port().unread, {});
  }
};

emulator::Modem::Settings slow() {
  emulator::Modem::Settings settings;
  settings.latency = cellular::Latency::Fixed{500ms};
  return settings;
}

constexpr auto ok = "\r\nOK\r\n";
constexpr auto error = "\r\nERROR\r\n";

/// A line of `size` bytes before its CR that is valid: a query behind many blanks.
std::string long_line(std::size_t size) {
  const std::string command = "AT+CMEE?";
  return command + std::string(size - command.size(), ' ') + '\r';
}

}  // namespace

TEST_CASE("a line of 4096 bytes works, a longer one is one ERROR, the next works [GRAM-11]") {
  Session session;
  const std::string answer = "\r\n+CMEE: 1\r\n\r\nOK\r\n";
  CHECK(session.answer(long_line(4096)) == answer);
  CHECK(session.answer(long_line(4097)) == error);
  CHECK(session.answer("AT\r") == ok);
  CHECK(session.answer("AT" + std::string(100000, 'x')).empty());
  CHECK(session.answer("\r") == error);
  CHECK(session.answer("AT\r") == ok);
}

TEST_CASE("the length of a line is its only limit: 450 commands run [GRAM-7] [GRAM-11]") {
  Session session;
  std::string line = "AT";
  std::string expected;
  for (int i = 0; i < 450; ++i) {
    line += "+CMEE?;";
    expected += "\r\n+CMEE: 1\r\n";
  }
  CHECK(line.size() < 4096);
  CHECK(session.answer(line + '\r') == expected + ok);
}

TEST_CASE("a reply, its echo included, is one write; so is each URC [GRAM-3] [GRAM-10]") {
  Session session;
  session.terminals[0]->channel().echo = true;
  session.answer("ATI;+CSQ\r");
  CHECK(session.port().writes.size() == 1);
  session.port().writes.clear();
  session.answer("AT\rAT\r");
  CHECK(session.port().writes == std::vector<std::string>{"AT\r\r\nOK\r\n", "AT\r\r\nOK\r\n"});
  session.port().writes.clear();
  session.answer("AT+CREG=1;+CEREG=1;+CFUN=4\r");
  CHECK(session.port().writes == std::vector<std::string>{"AT+CREG=1;+CEREG=1;+CFUN=4\r\r\nOK\r\n",
                                                          "\r\n+CREG: 0\r\n", "\r\n+CEREG: 0\r\n"});
}

TEST_CASE("input while a command runs waits, up to 8 KiB; what does not fit is one ERROR") {
  Session session(slow());
  CHECK(session.answer("AT+CFUN=4\r").empty());
  std::string lines;
  while (lines.size() + 7 <= at::Terminal::max_waiting_input) lines += "AT+CSQ\r";
  const auto fitting = lines.size() / 7;
  session.answer(lines);
  CHECK(session.log.lines.empty());
  session.answer("AT+CSQ\rAT+CSQ\r");
  session.answer("AT+CMEE=2\r");
  REQUIRE(session.log.lines.size() == 1);
  CHECK(session.log.lines.front().find("input while a command runs") != std::string::npos);

  session.timeline.run_until(session.timeline.now() + 500ms);
  std::string expected = ok;
  for (std::size_t i = 0; i < fitting; ++i) expected += "\r\n+CSQ: 99,99\r\n\r\nOK\r\n";
  CHECK(session.port().unread == expected + error);
  session.port().unread.clear();
  CHECK(session.answer("AT+CMEE?\r") == "\r\n+CMEE: 1\r\n\r\nOK\r\n");
}

TEST_CASE("one endless line while a command runs is one ERROR") {
  Session session(slow());
  session.answer("AT+CFUN=4\r");
  session.answer("AT" + std::string(20000, 'x'));
  session.timeline.run_until(session.timeline.now() + 500ms);
  CHECK(session.port().unread == std::string(ok) + error);
}

namespace {

/// A terminal whose only commands are those of one family.
template <class Family, std::size_t n>
struct Alone {
  Alone(Family& family, const std::array<at::Command<Family>, n>& table) {
    registry.add(table);
    terminal.emplace(timeline, port, log, registry, at::Asker{1});
    terminal->bind(family);
  }

  std::string answer(std::string_view bytes) {
    terminal->receive(bytes);
    return std::exchange(port.unread, {});
  }

  at::Timeline timeline;
  support::MemoryLog log;
  support::FakePort port;
  at::Registry registry;
  std::optional<at::Terminal> terminal;
};

}  // namespace

TEST_CASE("a command that is not answered within its limit is ERROR, and is not answered later") {
  struct Family {
    explicit Family(at::Timeline& timeline)
        : pending(timeline, at::Outcome::cme(at::cme::not_allowed)) {}
    at::Outcome wait(const at::Args& args) {
      return pending.answer_after(std::chrono::seconds(args.number(0)), [this] {
        ++done;
        return at::Outcome::ok("done");
      });
    }
    at::Pending pending;
    int done = 0;
  };
  static constexpr std::array<at::Command<Family>, 1> table{{
      {.name = "+WAIT",
       .params = {at::number("seconds", 0, 100)},
       .limit = 5s,
       .write = &Family::wait,
       .section = "1",
       .summary = "waits"},
  }};
  at::Timeline timeline;
  Family family(timeline);
  at::Registry registry;
  registry.add(table);
  struct Fired : at::Observer {
    void saw(at::Time, at::Asker, const at::Event& event) override {
      const auto* fired = std::get_if<at::event::TimerFired>(&event);
      if (fired != nullptr) timers += at::name_of(fired->timer);
    }
    std::string timers;
  };
  Fired fired;
  support::MemoryLog log;
  std::array<support::FakePort, 2> ports;
  std::vector<std::unique_ptr<at::Terminal>> terminals;
  for (int i = 0; i < 2; ++i) {
    terminals.push_back(std::make_unique<at::Terminal>(timeline, ports[static_cast<std::size_t>(i)],
                                                       log, registry, at::Asker{i + 1}, &fired));
    terminals.back()->bind(family);
    terminals.back()->channel().echo = false;
  }
  const auto said = [&](std::size_t i) { return std::exchange(ports[i].unread, {}); };
  const auto pass = [&](at::Duration time) { timeline.run_until(timeline.now() + time); };

  terminals[0]->receive("AT+WAIT=6\r");
  pass(5s - 1us);
  CHECK(said(0).empty());
  pass(1us);
  CHECK(said(0) == error);
  CHECK(fired.timers == "command");
  CHECK(family.done == 0);

  SECTION("what it does is done all the same, and nobody is told") {
    pass(1s);
    CHECK(family.done == 1);
    CHECK(said(0).empty());
  }
  SECTION("a second one is busy until then, from whatever channel") {
    terminals[1]->receive("AT+WAIT=1\r");
    CHECK(said(1) == "\r\n+CME ERROR: 3\r\n");
    pass(1s);
    terminals[1]->receive("AT+WAIT=1\r");
    pass(1s);
    CHECK(said(1) == "\r\ndone\r\n\r\nOK\r\n");
    CHECK(said(0).empty());
  }
  SECTION("its channel may go meanwhile") {
    pass(1s);
    terminals[0]->receive("AT+WAIT=2\r");
    terminals.erase(terminals.begin());
    pass(3s);
    CHECK(family.done == 2);
  }
  SECTION("cancelled, it is ERROR, and its action is not run") {
    pass(1s);
    terminals[0]->receive("AT+WAIT=2\r");
    family.pending.cancel();
    CHECK(said(0) == error);
    pass(3s);
    CHECK(family.done == 1);
  }
}

TEST_CASE("what follows a line needs its ground, and a reset cancels it") {
  struct Family {
    at::Outcome do_it() {
      return at::Outcome::ok().afterwards(ground.claim(), [this] { ++done; });
    }
    at::Outcome revoke() {
      ground.revoke();
      return at::Outcome::ok();
    }
    at::Outcome reset() {
      return at::Outcome::ok().afterwards(ground.claim(), [this] { terminal->reset(); });
    }
    at::Ground ground;
    at::Terminal* terminal = nullptr;
    int done = 0;
  };
  static constexpr std::array<at::Command<Family>, 3> table{{
      {.name = "+DO", .exec = &Family::do_it, .section = "1", .summary = "does"},
      {.name = "+TAKE", .exec = &Family::revoke, .section = "1", .summary = "takes"},
      {.name = "+RESET", .exec = &Family::reset, .section = "1", .summary = "resets"},
  }};
  Family family;
  Alone session(family, table);
  family.terminal = &*session.terminal;
  family.terminal->channel().echo = false;
  CHECK(session.answer("AT+DO;+DO\r") == ok);
  CHECK(family.done == 2);
  CHECK(session.answer("AT+DO;+TAKE;+DO\r") == ok);
  CHECK(family.done == 3);
  CHECK(session.answer("AT+DO;+RESET;+DO\r") == ok);
  CHECK(family.done == 4);
  CHECK(session.answer("AT+DO;+NONE\r") == error);
  CHECK(family.done == 5);
}

TEST_CASE("data behind CONNECT is not echoed, takes every byte, and ends with its command") {
  struct Family {
    at::Outcome upload(const at::Args& args) {
      at::Prompt prompt;
      prompt.introduction = at::Prompt::Introduction::connect;
      prompt.echo = at::Prompt::Echo::never;
      prompt.length = static_cast<std::size_t>(args.number(0));
      prompt.timeout = 5s;
      prompt.then = [this](std::string data) {
        received = std::move(data);
        return at::Outcome::ok("+UPLOAD: " + std::to_string(received.size()));
      };
      return at::Outcome::prompt(std::move(prompt));
    }
    at::Outcome error_mode() { return at::Outcome::ok("+CMEE: 1"); }
    std::string received;
  };
  static constexpr std::array<at::Command<Family>, 2> table{{
      {.name = "+UPLOAD",
       .params = {at::number("size", 1, 100)},
       .write = &Family::upload,
       .section = "1",
       .summary = "takes data"},
      {.name = "+CMEE", .read = &Family::error_mode, .section = "1", .summary = "is read"},
  }};
  Family family;
  Alone session(family, table);
  CHECK(session.answer("AT+UPLOAD=5\r\n") == "AT+UPLOAD=5\r\r\nCONNECT\r\n");
  CHECK(session.answer("a\r\x1a").empty());
  CHECK(session.answer(std::string("\x1b\0", 2)) == "\r\n+UPLOAD: 5\r\n\r\nOK\r\n");
  CHECK(family.received == std::string("a\r\x1a\x1b\0", 5));
  CHECK(session.answer("AT+UPLOAD=1;+CMEE?\r") == "AT+UPLOAD=1;+CMEE?\r\r\nCONNECT\r\n");
  CHECK(session.answer("x") == "\r\n+UPLOAD: 1\r\n\r\n+CMEE: 1\r\n\r\nOK\r\n");
  CHECK(session.answer("AT+UPLOAD=2\r") == "AT+UPLOAD=2\r\r\nCONNECT\r\n");
  session.timeline.run_until(session.timeline.now() + 5s);
  CHECK(session.port.unread == error);
}

TEST_CASE("URCs that wait are bounded, and what is dropped is said in the log [GRAM-10]") {
  Session session;
  session.answer("AT+CS");
  for (std::size_t i = 0; i < at::UrcQueue::max_lines + 10; ++i)
    session.terminals[0]->announce("+URC: " + std::to_string(i));
  REQUIRE(session.log.lines.size() == 1);
  CHECK(session.log.lines[0].find("more are dropped") != std::string::npos);
  const auto said = session.answer("Q\r");
  REQUIRE(session.log.lines.size() == 2);
  CHECK(session.log.lines[1].find("10 URCs were dropped") != std::string::npos);
  CHECK(said.find("\r\n+URC: 0\r\n") != std::string::npos);
  CHECK(said.find("\r\n+URC: 8191\r\n") != std::string::npos);
  CHECK(said.find("\r\n+URC: 8192\r\n") == std::string::npos);
}

TEST_CASE("a full flash is an error, and changes nothing") {
  Session session;
  session.flash.writable = false;
  CHECK(session.answer("AT&W\r") == "\r\n+CME ERROR: 23\r\n");
  CHECK(session.flash.profiles.empty());
}

TEST_CASE("ten thousand random bytes, then AT answers OK") {
  Session session;
  std::minstd_rand random(20240501);
  std::string noise;
  for (int i = 0; i < 10000; ++i) noise += static_cast<char>(random());
  session.answer(noise);
  session.terminals[0]->channel() = at::Channel{};
  session.answer("\r");
  CHECK(session.answer("AT\r").find(ok) != std::string::npos);
}
