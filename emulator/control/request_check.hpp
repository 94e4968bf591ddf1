// What a request says, checked by the row that it means. Used by the RouteTable.
#pragma once

#include "emulator/control/problem.hpp"
#include "emulator/control/route.hpp"
#include "emulator/control/target.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::control {

/// "/v1/modems/{modem}" -> "v1", "modems", "{modem}"
[[nodiscard]] std::vector<std::string_view> path_segments(std::string_view path);

/// Whether a segment of a row's path is "{name}".
[[nodiscard]] bool is_parameter(std::string_view segment);

/// Fills `call` with method, path, parameters, query and body, or answers what is wrong.
[[nodiscard]] std::optional<Problem> fill(const Route& route, const Target& target,
                                          std::string_view body, Call& call);

}  // namespace emulator::control
