#include "emulator/stores/regular_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace emulator {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

/// Without O_NONBLOCK a FIFO would keep us until somebody writes.
int open_to_read(const char* path, Links links) {
  const int no_links = links == Links::refused ? O_NOFOLLOW : 0;
  return ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | no_links);
}

/// Why the file behind `descriptor` is none to be read; empty when it is one.
std::string fault(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return reason(errno);
  if (S_ISDIR(status.st_mode)) return reason(EISDIR);
  return S_ISREG(status.st_mode) ? std::string() : "not a regular file";
}

RegularFile read_all(int descriptor, std::size_t limit) {
  std::string content;
  std::string chunk(std::size_t{64} * 1024, '\0');
  for (;;) {
    const auto got = ::read(descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {{}, reason(errno)};
    if (got == 0) return {std::move(content), {}};
    content.append(chunk, 0, static_cast<std::size_t>(got));
    if (content.size() > limit) return {{}, reason(EFBIG), false, true};
  }
}

}  // namespace

RegularFile read_regular_file(const std::filesystem::path& path, std::size_t limit, Links links) {
  const int descriptor = open_to_read(path.c_str(), links);
  if (descriptor < 0) {
    const int error = errno;
    struct stat there {};
    return {{}, reason(error), error == ENOENT && ::lstat(path.c_str(), &there) != 0};
  }
  RegularFile read;
  read.wrong = fault(descriptor);
  if (read.wrong.empty()) read = read_all(descriptor, limit);
  ::close(descriptor);
  return read;
}

std::optional<std::string> unreadable(const std::filesystem::path& path) {
  const int descriptor = open_to_read(path.c_str(), Links::followed);
  if (descriptor < 0) return reason(errno);
  auto wrong = fault(descriptor);
  ::close(descriptor);
  if (wrong.empty()) return std::nullopt;
  return wrong;
}

}  // namespace emulator
