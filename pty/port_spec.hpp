// How a port is named on the command line:
//   pty[:LINK]   tcp:[HOST:]PORT   serial:DEV[:BAUD]   stdio
// Parsing is pure; opening is open_port()'s business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace pty {

struct PtySpec {
  std::optional<std::string> link;
  bool operator==(const PtySpec&) const = default;
};
struct TcpSpec {
  std::string host;  // without brackets
  std::uint16_t port = 0;
  bool operator==(const TcpSpec&) const = default;
};
struct SerialSpec {
  std::string device;
  std::uint32_t baud = 0;  // bits per second
  bool operator==(const SerialSpec&) const = default;
};
struct StdioSpec {
  bool operator==(const StdioSpec&) const = default;
};
using PortSpec = std::variant<PtySpec, TcpSpec, SerialSpec, StdioSpec>;

/// One line that says what is wrong and what is allowed.
struct SpecError {
  std::string text;
};

[[nodiscard]] std::variant<PortSpec, SpecError> parse_port_spec(std::string_view text);

}  // namespace pty
