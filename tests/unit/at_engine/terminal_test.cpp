// The terminal's limits and writes: what transcripts cannot say conveniently.
#include "tests/support/world.hpp"

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

TEST_CASE("a command that is not answered within its limit is ERROR, and is not answered later") {
  struct Family {
    at::Outcome wait() {
      return at::Outcome::later([this](const at::Later::Settle& settle) { settle_ = settle; });
    }
    at::Later::Settle settle_;
  };
  static constexpr std::array<at::Command<Family>, 1> table{{
      {.name = "+WAIT", .limit = 5s, .exec = &Family::wait, .section = "1", .summary = "waits"},
  }};
  Session session;
  Family family;
  session.terminals[0]->registry().add(family, table);
  CHECK(session.answer("AT+WAIT\r").empty());
  session.timeline.run_until(session.timeline.now() + 5s - 1us);
  CHECK(session.port().unread.empty());
  session.timeline.run_until(session.timeline.now() + 1us);
  CHECK(session.port().unread == error);
  session.port().unread.clear();
  family.settle_(at::Outcome::ok());
  CHECK(session.port().unread.empty());

  CHECK(session.answer("AT+WAIT\r").empty());
  family.settle_(at::Outcome::ok("done"));
  CHECK(session.port().unread == "\r\ndone\r\n\r\nOK\r\n");
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
    std::string received;
  };
  static constexpr std::array<at::Command<Family>, 1> table{{
      {.name = "+UPLOAD",
       .params = {at::number("size", 1, 100)},
       .write = &Family::upload,
       .section = "1",
       .summary = "takes data"},
  }};
  Session session;
  Family family;
  session.terminals[0]->registry().add(family, table);
  session.terminals[0]->channel().echo = true;
  CHECK(session.answer("AT+UPLOAD=5\r\n") == "AT+UPLOAD=5\r\r\nCONNECT\r\n");
  CHECK(session.answer("a\r\x1a").empty());
  CHECK(session.answer(std::string("\x1b\0", 2)) == "\r\n+UPLOAD: 5\r\n\r\nOK\r\n");
  CHECK(family.received == std::string("a\r\x1a\x1b\0", 5));
  CHECK(session.answer("AT+UPLOAD=1;+CMEE?\r") == "AT+UPLOAD=1;+CMEE?\r\r\nCONNECT\r\n");
  CHECK(session.answer("x") == "\r\n+UPLOAD: 1\r\n\r\n+CMEE: 1\r\n\r\nOK\r\n");
  CHECK(session.answer("AT+UPLOAD=2\r") == "AT+UPLOAD=2\r\r\nCONNECT\r\n");
  session.timeline.run_until(session.timeline.now() + 5s);
  CHECK(session.port().unread == error);
}

TEST_CASE("URCs that wait are bounded, and what is dropped is said in the log [GRAM-10]") {
  Session session;
  session.answer("AT+CS");
  for (std::size_t i = 0; i < at::UrcQueue::max_lines + 10; ++i)
    session.terminals[0]->announce("+URC: " + std::to_string(i));
  CHECK(session.log.lines.size() == 10);
  const auto said = session.answer("Q\r");
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
