#include "emulator/stores/whole_file.hpp"

#include "emulator/stores/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace emulator {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

/// As root it would take the place of a device, or of a link like /dev/stdout that leads to one.
bool may_be_replaced(const char* path) {
  struct stat there {};
  return ::stat(path, &there) != 0 || S_ISREG(there.st_mode);
}

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

int open_part(const char* path, bool for_everybody) {
  constexpr int flags = O_TRUNC | O_NOFOLLOW;
  if (!for_everybody) return open_private(path, flags);
  return ::open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
}

}  // namespace

std::optional<std::string> write_whole_file(const std::filesystem::path& path,
                                            std::string_view content, const WholeFile& how) {
  if (!may_be_replaced(path.c_str())) return "not a regular file";
  const auto part = how.part.empty() ? std::filesystem::path(path.string() + ".part") : how.part;
  const int descriptor = open_part(part.c_str(), how.for_everybody);
  if (descriptor < 0) return reason(errno);
  const bool written = write_all(descriptor, content) && (!how.durable || ::fsync(descriptor) == 0);
  int error = errno;
  ::close(descriptor);
  if (written && ::rename(part.c_str(), path.c_str()) == 0) return std::nullopt;
  if (written) error = errno;
  ::unlink(part.c_str());
  return reason(error);
}

}  // namespace emulator
