#include "pty/stdio_port.hpp"

#include "tests/unit/pty/host.hpp"

#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>

#include <catch2/catch.hpp>

using namespace pty;
using namespace pty_test;

namespace {

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  return ends;
}

bool non_blocking(int descriptor) { return (::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0; }

}  // namespace

TEST_CASE("over pipes every byte is the host's, and output goes on after the input's end") {
  boost::asio::io_context io;
  const auto in = make_pipe();
  const auto out = make_pipe();
  Host input(in[0]);
  Host writer(in[1]);
  Host reader(out[0]);
  Host output(out[1]);
  ::fcntl(out[0], F_SETFL, O_NONBLOCK);
  Record record;
  StdioPort port(io, in[0], out[1]);
  REQUIRE(port.open() == std::nullopt);
  port.start(record.events());
  REQUIRE(writer.say("AT\x1D\r"));
  writer.leave();
  REQUIRE(run_until(io, [&] { return record.all == "+AT\x1D\r-"; }));
  port.write("OK");
  CHECK(run_until(io, [&] { return reader.hear() == "OK"; }));
  port.stop();
  CHECK_FALSE(non_blocking(in[0]));
  CHECK_FALSE(non_blocking(out[1]));
}

TEST_CASE("a regular file may be the input") {
  boost::asio::io_context io;
  TemporaryDirectory directory;
  const auto out = make_pipe();
  Host reader(out[0]);
  Host output(out[1]);
  Host file(::open(directory.file("script").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  REQUIRE(file.say("AT\r"));
  REQUIRE(::lseek(file.descriptor(), 0, SEEK_SET) == 0);
  Record record;
  StdioPort port(io, file.descriptor(), out[1]);
  REQUIRE(port.open() == std::nullopt);
  port.start(record.events());
  CHECK(run_until(io, [&] { return record.all == "+AT\r-"; }));
}

TEST_CASE("a terminal is raw while the port serves, and Ctrl-] leaves") {
  boost::asio::io_context io;
  int master = -1;
  int slave = -1;
  REQUIRE(::openpty(&master, &slave, nullptr, nullptr, nullptr) == 0);
  Host person(master);
  Host terminal(slave);
  ::fcntl(master, F_SETFL, O_NONBLOCK);
  termios before{};
  REQUIRE(::tcgetattr(slave, &before) == 0);
  Record record;
  StdioPort port(io, slave, slave);
  REQUIRE(port.open() == std::nullopt);
  termios now{};
  REQUIRE(::tcgetattr(slave, &now) == 0);
  CHECK((now.c_lflag & static_cast<tcflag_t>(ICANON | ECHO | ISIG)) == 0);
  port.start(record.events());
  REQUIRE(person.say("AT\x1D more"));
  REQUIRE(run_until(io, [&] { return record.all == "+ATQ"; }));
  port.write("bye");
  CHECK(run_until(io, [&] { return person.hear() == "bye"; }));
  port.stop();
  REQUIRE(::tcgetattr(slave, &now) == 0);
  CHECK(now.c_lflag == before.c_lflag);
  CHECK_FALSE(non_blocking(slave));
}
