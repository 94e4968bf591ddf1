// The target of a request taken apart (RFC 3986): path segments and query, percent-decoded.
// Used by the RouteTable and the HTTP connection.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::control {

struct Target {
  std::string authority{};  // of the absolute form "http://HOST:PORT/..."; else empty
  std::string path{};       // as it came
  std::vector<std::string> segments{};
  std::vector<std::pair<std::string, std::string>> query{};
};

/// Nothing when it is neither a path nor an http URL, or when an escape is none.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

}  // namespace emulator::control
