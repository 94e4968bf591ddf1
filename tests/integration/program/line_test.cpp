// --line strict at the program's own pseudo-terminal.
#include "tests/support/emulator_process.hpp"

#include <termios.h>

#include <catch2/catch.hpp>

using namespace support;
using namespace std::chrono_literals;

TEST_CASE("a strict line answers at the rate of AT+IPR only") {
  EmulatorProcess emulator({"--line", "strict", "--log-level", "warning", "--power", "at-start"});
  SerialHost host(emulator.port());
  set_speed(emulator.port(), B115200);
  host.send("AT\r");
  host.read_until("OK\r\n");
  host.send("ATE0\r");
  host.read_until("OK\r\n");
  set_speed(emulator.port(), B9600);
  host.send("AT\r");
  CHECK(emulator.program().wait_for_err("the host runs at 9600 baud, the module at 115200"));
  set_speed(emulator.port(), B115200);
  host.send("\r");
  host.send("AT\r");
  host.read_until("OK\r\n");
  CHECK(emulator.program().wait_for_err("the host runs at 115200 baud, as the module does"));
  host.send("AT+IPR=9600\r");
  host.read_until("OK\r\n");
  set_speed(emulator.port(), B9600);
  host.command("AT+IPR?", "\r\n+IPR: 9600\r\n\r\nOK\r\n");
}
