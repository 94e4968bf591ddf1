#include "pty/serial_port.hpp"

#include "tests/unit/pty/host.hpp"

#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>

#include <catch2/catch.hpp>

using namespace pty;
using namespace pty_test;

namespace {

/// A pseudo-terminal whose slave plays the serial device; ours is the far end of the cable.
int plug_in(const std::string& link) {
  int master = -1;
  int slave = -1;
  char name[64];
  REQUIRE(::openpty(&master, &slave, name, nullptr, nullptr) == 0);
  ::close(slave);
  ::fcntl(master, F_SETFL, O_NONBLOCK);
  std::filesystem::remove(link);
  std::filesystem::create_symlink(name, link);
  return master;
}

}  // namespace

TEST_CASE("a serial device talks both ways, is pulled out and comes back", "[real]") {
  boost::asio::io_context io;
  TemporaryDirectory directory;
  const std::string device = directory.file("tty");
  Record record;
  const auto told = [&](const std::string& all) {
    return run_until(io, [&] { return record.all == all; });
  };
  Host first(plug_in(device));
  SerialPort port(io, device, 9600);
  REQUIRE(port.open() == std::nullopt);
  port.start(record.events());
  REQUIRE(told("+"));
  REQUIRE(first.say("AT\r"));
  REQUIRE(told("+AT\r"));
  port.write("OK");
  CHECK(run_until(io, [&] { return first.hear() == "OK"; }));
  first.leave();
  REQUIRE(told("+AT\r-"));
  Host second(plug_in(device));
  REQUIRE(told("+AT\r-+"));
  REQUIRE(second.say("A"));
  CHECK(told("+AT\r-+A"));
}

TEST_CASE("the speed of a serial device is set at start and later") {
  boost::asio::io_context io;
  TemporaryDirectory directory;
  const std::string device = directory.file("tty");
  Host far(plug_in(device));
  SerialPort port(io, device, 9600);
  REQUIRE(port.open() == std::nullopt);
  termios settings{};
  REQUIRE(::tcgetattr(far.descriptor(), &settings) == 0);
  CHECK(::cfgetospeed(&settings) == B9600);
  CHECK(port.set_baud(115200) == std::nullopt);
  REQUIRE(::tcgetattr(far.descriptor(), &settings) == 0);
  CHECK(::cfgetospeed(&settings) == B115200);
  CHECK_THAT(port.set_baud(12345).value_or(""), Catch::Contains("12345 baud"));
}

TEST_CASE("a serial device that is not there is an error text") {
  boost::asio::io_context io;
  SerialPort port(io, "/dev/none", 115200);
  CHECK_THAT(port.open().value_or(""), Catch::Contains("cannot open the serial device /dev/none") &&
                                           Catch::Contains("plugged in?"));
}
