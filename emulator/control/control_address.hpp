// Where the control interface is served: `[HOST:]PORT` or `unix:PATH`, as on the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::control {

struct ControlAddress {
  std::string path{};              // of a local socket; empty: TCP
  std::string host = "127.0.0.1";  // without brackets
  std::uint16_t port = 0;          // 0: a free one
};

/// Nothing when it is neither. An IPv6 address as HOST stands in brackets.
[[nodiscard]] std::optional<ControlAddress> parse_control_address(std::string_view text);

/// "HOST:PORT", an IPv6 address in brackets.
[[nodiscard]] std::string authority(std::string_view host, std::uint16_t port);

}  // namespace emulator::control
