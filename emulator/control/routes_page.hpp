// The page that a person looks at: its files, which hold nothing of the modem, at / and /page/NAME
// (contract CTL-22). All that it shows it asks of the interface.
#pragma once

#include "emulator/control/route.hpp"

#include <string_view>

namespace emulator::control {

[[nodiscard]] Routes page_routes();

/// Whether a path is one of the page, for which no token is wanted: a browser cannot bring one.
[[nodiscard]] bool is_page(std::string_view path);

}  // namespace emulator::control
