#include "emulator/stores/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace emulator {
namespace {

constexpr mode_t owner_only = 0600;

/// Devices keep what they have.
bool set_mode(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 &&
         (!S_ISREG(status.st_mode) || ::fchmod(descriptor, owner_only) == 0);
}

}  // namespace

int open_private(const char* path, int flags) {
  const int descriptor = ::open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, owner_only);
  // Who may write somebody else's file may not be allowed to change its mode.
  if (descriptor < 0 || set_mode(descriptor) || errno == EPERM) return descriptor;
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  return -1;
}

void make_private(const char* path) {
  const int descriptor = ::open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return;
  set_mode(descriptor);
  ::close(descriptor);
}

}  // namespace emulator
