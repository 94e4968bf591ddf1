// What the data services of a modem are doing, as JSON: sockets, HTTP, FTP, updates, the data call
// and the multiplexer. Part of the
// state of a modem (contract CTL-5).
#pragma once

#include "emulator/control/fleet.hpp"

#include <nlohmann/json.hpp>

namespace emulator::control {

/// Those that have an id.
[[nodiscard]] nlohmann::json sockets_of(const Modem& modem);
[[nodiscard]] nlohmann::json http_of(Modem& modem);
[[nodiscard]] nlohmann::json ftp_of(const Modem& modem);
/// The data call, or null.
[[nodiscard]] nlohmann::json data_call_of(const Modem& modem);
/// The multiplexer, or null.
[[nodiscard]] nlohmann::json multiplexer_of(const Modem& modem);
/// The revision that it runs, and what an update of it is doing.
[[nodiscard]] nlohmann::json firmware_of(Modem& modem);

}  // namespace emulator::control
