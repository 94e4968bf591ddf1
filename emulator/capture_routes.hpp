// What --capture has written so far, over the control interface: GET /v1/capture. Added by the
// Emulator; the capture is that of all its modems.
#pragma once

#include "emulator/control/route.hpp"

#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

namespace emulator {

/// `path` of the file; nothing when there is none.
[[nodiscard]] control::Routes capture_routes(boost::asio::io_context& io,
                                             std::optional<std::string> path);

}  // namespace emulator
