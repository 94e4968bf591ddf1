// The endpoint for Prometheus: what happened to all modems in numbers (contract CTL-18).
#pragma once

#include "emulator/control/fleet.hpp"

#include <boost/asio/io_context.hpp>

namespace emulator::control {

[[nodiscard]] Routes metrics_routes(const Fleet& fleet, boost::asio::io_context& io);

}  // namespace emulator::control
