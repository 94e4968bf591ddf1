#include "emulator/stores/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace emulator {
namespace {

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

std::optional<std::string> write_whole_file(const std::filesystem::path& path,
                                            std::string_view content, std::filesystem::path part,
                                            unsigned mode) {
  struct stat there {};
  // As root it would take the place of a device.
  if (::lstat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISLNK(there.st_mode))
    return "not a regular file";
  if (part.empty()) part = path.string() + ".part";
  const int descriptor =
      ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  if (descriptor < 0) return std::strerror(errno);
  const bool written = write_all(descriptor, content);
  const int reason = errno;
  ::close(descriptor);
  if (written && ::rename(part.c_str(), path.c_str()) == 0) return std::nullopt;
  const auto text = std::strerror(written ? errno : reason);
  ::unlink(part.c_str());
  return text;
}

}  // namespace emulator
