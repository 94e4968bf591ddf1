// What the options of a fleet (--count) are for one of its modems: identity, ports, state, seed and
// scenario of its own. Pure. Used by the Emulator, which makes the modems.
#pragma once

#include "emulator/options.hpp"

#include <optional>
#include <string>

namespace emulator {

/// "modem3"
[[nodiscard]] std::string modem_name(int index);

/// Why these cannot be the options of a fleet, in one line.
[[nodiscard]] std::optional<std::string> complaint_about_fleet(const Options& all);

/// The options of the modem `index`, counted from 0. There is no complaint about `all`.
[[nodiscard]] Options options_of(const Options& all, int index);

}  // namespace emulator
