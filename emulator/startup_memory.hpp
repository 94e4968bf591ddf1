// What becomes of memory when the start is over. Used by the Emulator once it is ready.
#pragma once

namespace emulator {

/// Gives back what only the start needed: code and constants of the program and its libraries that
/// were touched once. What is needed again comes back from the page cache. Harmless where the
/// system does not do it.
void release_startup_memory();

/// Moves what is on the heap into pages of 2 MiB where it fills them, so that who goes from one
/// modem of a large fleet to the next misses fewer addresses of memory (TLB). Takes milliseconds
/// for 100 MB; a small heap, or one of a system that does not do it, stays as it is.
void enlarge_heap_pages();

}  // namespace emulator
