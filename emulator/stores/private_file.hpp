// Files that hold secrets are for their owner only (0600), whatever the umask says and whatever
// they were before. Used by stores and trace.
#pragma once

namespace emulator {

/// open(2) for writing, with `flags` beside O_WRONLY | O_CREAT | O_CLOEXEC. A regular file is 0600
/// then. The descriptor, or -1 with errno.
[[nodiscard]] int open_private(const char* path, int flags);

/// Makes a file that is there already 0600; links are not followed.
void make_private(const char* path);

}  // namespace emulator
