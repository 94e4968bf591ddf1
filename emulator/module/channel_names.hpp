// What the module's channels are called: the ports by what they are ("uart1", "usbat"), and those
// of the multiplexer by their DLCI. Stored profiles and the control interface go by these names.
#pragma once

#include <string>
#include <string_view>

namespace emulator {

/// Whether a port is a UART: it alone can be multiplexed, and sleeps.
inline bool is_uart(std::string_view name) { return name.starts_with("uart"); }

constexpr std::string_view dlci_prefix = "cmux";

/// Of a DLCI from 1 on.
inline std::string dlci_name(int dlci) { return std::string(dlci_prefix) + std::to_string(dlci); }

/// Whether a DLCI has or could have that name.
inline bool is_dlci_name(std::string_view name) {
  return name.starts_with(dlci_prefix) &&
         name.find_first_not_of("0123456789", dlci_prefix.size()) == std::string_view::npos;
}

}  // namespace emulator
