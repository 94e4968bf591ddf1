// Memory that only the start of the program needs. Used by the Emulator.
#pragma once

namespace emulator {

/// Lets go of the program's own code and constants, which are mapped from its file: what is used
/// again comes back by itself, what only the start or another command needs does not.
void release_start_memory();

}  // namespace emulator
