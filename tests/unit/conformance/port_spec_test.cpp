// Where a unit may be.
#include "conformance/run/port_spec.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

using namespace conformance;

TEST_CASE("a unit is a device with or without rate, or a TCP address") {
  CHECK(std::get<DevicePort>(parse_port_spec("/dev/ttyUSB2")).baud == 115200);
  const auto device = std::get<DevicePort>(parse_port_spec("/dev/ttyUSB2:9600"));
  CHECK(device.path == "/dev/ttyUSB2");
  CHECK(device.baud == 9600);
  CHECK(std::get<DevicePort>(parse_port_spec("/dev/serial/by-path/pci-0:14.0-usb-0:2:1.2")).path ==
        "/dev/serial/by-path/pci-0:14.0-usb-0:2:1.2");
  const auto tcp = std::get<TcpAddress>(parse_port_spec("tcp:10.0.0.5:7000"));
  CHECK(tcp.host == "10.0.0.5");
  CHECK(tcp.port == 7000);
  CHECK(std::get<TcpAddress>(parse_port_spec("tcp:[::1]:7000")).host == "::1");
}

TEST_CASE("what is no port is refused") {
  for (const auto* wrong : {"", "tcp:7000", "tcp:", "tcp:host:", "tcp:host:0", "tcp:host:65536",
                            "tcp:host:x", "/dev/x:1", "/dev/x:99999999"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_port_spec(wrong), std::invalid_argument);
  }
}
