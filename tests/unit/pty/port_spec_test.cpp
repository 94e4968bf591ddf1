#include "pty/port_spec.hpp"

#include <catch2/catch.hpp>

using namespace pty;

namespace {

PortSpec good(std::string_view text) {
  auto parsed = parse_port_spec(text);
  INFO(text);
  REQUIRE(std::holds_alternative<PortSpec>(parsed));
  return std::get<PortSpec>(parsed);
}

std::string bad(std::string_view text) {
  auto parsed = parse_port_spec(text);
  INFO(text);
  REQUIRE(std::holds_alternative<SpecError>(parsed));
  return std::get<SpecError>(parsed).text;
}

}  // namespace

TEST_CASE("port specs that are right") {
  CHECK(good("pty") == PortSpec{PtySpec{}});
  CHECK(good("pty:/tmp/modem") == PortSpec{PtySpec{"/tmp/modem"}});
  CHECK(good("pty:/tmp/a:b") == PortSpec{PtySpec{"/tmp/a:b"}});
  CHECK(good("tcp:7000") == PortSpec{TcpSpec{"127.0.0.1", 7000}});
  CHECK(good("tcp:0") == PortSpec{TcpSpec{"127.0.0.1", 0}});
  CHECK(good("tcp:0.0.0.0:65535") == PortSpec{TcpSpec{"0.0.0.0", 65535}});
  CHECK(good("tcp:[::1]:7000") == PortSpec{TcpSpec{"::1", 7000}});
  CHECK(good("serial:/dev/ttyUSB0") == PortSpec{SerialSpec{"/dev/ttyUSB0", 115200}});
  CHECK(good("serial:/dev/ttyUSB0:9600") == PortSpec{SerialSpec{"/dev/ttyUSB0", 9600}});
  CHECK(good("serial:/dev/serial/by-path/pci-0:1:1.0") ==
        PortSpec{SerialSpec{"/dev/serial/by-path/pci-0:1:1.0", 115200}});
  CHECK(good("stdio") == PortSpec{StdioSpec{}});
}

TEST_CASE("port specs that are wrong get one line naming what is wrong and what is allowed") {
  const auto [text, part] = GENERATE(table<std::string, std::string>({
      {"", "no such kind"},
      {"usb", "no such kind"},
      {"PTY", "no such kind"},
      {"pty:", "link after the colon is missing"},
      {"tcp", "0 to 65535"},
      {"tcp:", "0 to 65535"},
      {"tcp:65536", "0 to 65535"},
      {"tcp:-1", "0 to 65535"},
      {"tcp:host:", "0 to 65535"},
      {"tcp:70x", "0 to 65535"},
      {"tcp::7000", "host before the colon is missing"},
      {"tcp:[]:7000", "host before the colon is missing"},
      {"tcp:::1:7000", "brackets"},
      {"serial", "device is missing"},
      {"serial:", "device is missing"},
      {"serial::9600", "device is missing"},
      {"serial:/dev/ttyS0:0", "baud rate"},
      {"serial:/dev/ttyS0:99999999999", "baud rate"},
      {"stdio:x", "nothing after"},
  }));
  const std::string error = bad(text);
  CHECK_THAT(error, Catch::Contains(part));
  CHECK_THAT(error, Catch::Contains("allowed are pty[:LINK], tcp:[HOST:]PORT"));
  CHECK(error.find('\n') == std::string::npos);
}
