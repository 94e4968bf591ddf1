// How many files, ports and sockets the process may have open at a time. Used by the Emulator for
// fleets.
#pragma once

#include <cstddef>

namespace emulator {

/// Descriptors of one modem that is connected: its port, a link, and the two ends of the library's
/// hop, with room for a reconnection.
inline constexpr std::size_t descriptors_of_a_modem = 8;
/// Of the program itself.
inline constexpr std::size_t descriptors_of_the_program = 64;

/// Raises the limit to what the system lets this user have. Returns what it is then.
std::size_t raise_descriptor_limit();

}  // namespace emulator
