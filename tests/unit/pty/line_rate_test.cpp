// A line whose ends must agree on a rate: the serial receiver, a real pseudo-terminal with its
// settings, and the host's DTR.
#include "pty/line_rate.hpp"

#include "pty/pty_port.hpp"
#include "pty/uart.hpp"
#include "tests/unit/pty/host.hpp"

#include <termios.h>

#include <array>

#include <catch2/catch.hpp>

using namespace pty;
using namespace pty_test;
using namespace std::chrono_literals;

namespace {

constexpr std::array rates{4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600};
constexpr std::array<speed_t, 9> speeds{B4800,   B9600,   B19200,  B38400, B57600,
                                        B115200, B230400, B460800, B921600};

void set_speed(const Host& host, speed_t speed) {
  termios settings{};
  REQUIRE(::tcgetattr(host.descriptor(), &settings) == 0);
  ::cfsetspeed(&settings, speed);
  REQUIRE(::tcsetattr(host.descriptor(), TCSANOW, &settings) == 0);
}

struct Bench {
  boost::asio::io_context io;
  TemporaryDirectory directory;
  PtyPort port{io, directory.file("modem")};
  LineRate line{port};
  std::string heard;
  std::string lines;

  Bench() {
    REQUIRE(port.open() == std::nullopt);
    HostPort::Events events;
    // What a module does, as far as it goes here.
    events.received = [this](std::string_view bytes) {
      heard += line.received(bytes);
      if (heard.find("AT\r") == std::string::npos) return;
      heard.clear();
      line.write("OK\r\n");
    };
    events.opened = events.closed = [] {};
    events.lines_changed = [this](const HostLines& now) { lines += now.dtr ? '+' : '-'; };
    port.watch_line();
    port.start(std::move(events));
  }
  /// Whether the host gets an answer at its rate.
  bool answers(Host& host) {
    host.heard.clear();
    heard.clear();
    REQUIRE(host.say("AT\r"));
    return run_until(
        io, [&] { return host.hear() == "OK\r\n"; }, 100ms);
  }
};

}  // namespace

TEST_CASE("bytes at the right rate, or almost, arrive as they are") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const int rate : rates) {
    CHECK(as_received(all, rate, rate) == all);
    CHECK(as_received(all, rate * 103 / 100, rate) == all);
    CHECK(as_received(all, rate * 97 / 100, rate) == all);
  }
}

TEST_CASE("what arrives at a wrong rate is what the samples say") {
  // 'U' is 0101010101 with its start and stop bit. At twice the rate the first frame reads
  // 0 01100110 without a stop bit; the next falling edge begins 0 01100111 1.
  CHECK(as_received("U", 4800, 9600) == "\xE6");
  CHECK(as_received(std::string(1, '\0'), 4800, 9600).empty());
  // Nine low bits are start and three more at half the rate: 0 00011111 1.
  CHECK(as_received(std::string(1, '\0'), 9600, 4800) == "\xF8");
  CHECK(as_received("\xFF", 921600, 4800).empty());
}

TEST_CASE("no wrong rate makes an AT of an AT") {
  for (const int host : rates)
    for (const int module : rates) {
      CAPTURE(host, module);
      CHECK((as_received("AT\r", host, module) == "AT\r") == (host == module));
      CHECK((as_received("\r\nOK\r\n", module, host) == "\r\nOK\r\n") == (host == module));
    }
}

TEST_CASE("a host that searches rates finds that of the module, and no other", "[real]") {
  const auto module = GENERATE(range<std::size_t>(0, rates.size()));
  Bench bench;
  bench.line.set_line({.rate = rates[module]});
  Host host(bench.port.address());
  std::size_t found = rates.size();
  for (std::size_t i = 0; i < speeds.size() && found == rates.size(); ++i) {
    set_speed(host, speeds[i]);
    if (bench.answers(host)) found = i;
  }
  CHECK(found == module);
}

TEST_CASE("a rate that the host has not followed is noticed in both directions") {
  Bench bench;
  Host host(bench.port.address());
  set_speed(host, B115200);
  REQUIRE(bench.answers(host));
  bench.line.set_line({.rate = 9600});
  bench.line.write("RDY\r\n");
  CHECK_FALSE(bench.answers(host));
  set_speed(host, B9600);
  CHECK(bench.answers(host));
}

TEST_CASE("at rate 0 the module takes that of the first AT") {
  Bench bench;
  bench.line.set_line({.rate = 0});
  Host host(bench.port.address());
  set_speed(host, B57600);
  bench.line.write("RDY\r\n");
  REQUIRE(host.say("\r\n\x7F"));
  CHECK(bench.answers(host));
  set_speed(host, B9600);
  CHECK_FALSE(bench.answers(host));
}

TEST_CASE("a speed of 0 drops DTR, another one raises it") {
  Bench bench;
  Host host(bench.port.address());
  set_speed(host, B115200);
  REQUIRE(bench.answers(host));
  CHECK(bench.lines.empty());
  set_speed(host, B0);
  REQUIRE(run_until(bench.io, [&] { return bench.lines == "-"; }));
  CHECK_FALSE(bench.answers(host));
  host.heard.clear();
  // What the module says meanwhile is heard, as the URC that wakes a host.
  bench.line.write("\r\n+URC\r\n");
  CHECK(run_until(bench.io, [&] { return host.hear() == "\r\n+URC\r\n"; }));
  set_speed(host, B115200);
  REQUIRE(run_until(bench.io, [&] { return bench.lines == "-+"; }));
  CHECK(bench.answers(host));
}

TEST_CASE(
    "rate: a line that is not strict is disturbed until the host follows, or it ends [CTL-10]") {
  Bench bench;
  LineRate line{bench.port, false};
  Host host(bench.port.address());
  REQUIRE(run_until(bench.io, [&] { return bench.port.host_rate().has_value(); }));
  set_speed(host, B115200);
  CHECK_FALSE(line.looks());
  line.disturb(4800);
  CHECK(line.looks());
  CHECK(line.received("AT\r") != "AT\r");
  set_speed(host, B4800);
  CHECK(line.received("AT\r") == "AT\r");
  set_speed(host, B115200);
  line.disturb(std::nullopt);
  CHECK(line.received("AT\r") == "AT\r");
}
