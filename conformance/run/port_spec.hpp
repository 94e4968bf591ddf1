// Where a unit is, as written on the command line: `tcp:HOST:PORT`, or a device (a pseudo-terminal
// is one) with an optional rate, `/dev/ttyUSB2:115200`.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace conformance {

struct DevicePort {
  std::string path;
  int baud = 115200;
};

struct TcpAddress {
  std::string host;
  std::uint16_t port = 0;
};

using PortSpec = std::variant<DevicePort, TcpAddress>;

/// Throws std::invalid_argument with one line for the user.
PortSpec parse_port_spec(const std::string& text);

}  // namespace conformance
