// Gives back the memory that only the start needed: code and constants of the program and its
// libraries that were touched once. What is needed again comes back from the page cache. Used by
// the Emulator once it is ready.
#pragma once

namespace emulator {

/// Harmless where the system does not do it.
void release_startup_memory();

}  // namespace emulator
