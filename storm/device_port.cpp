#include "storm/device_port.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace storm {
namespace {

/// Of `path`, or -1 with errno.
int open_raw(const char* path) {
  const int descriptor = ::open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return -1;
  termios settings{};
  if (::tcgetattr(descriptor, &settings) == 0) {
    ::cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    ::cfsetspeed(&settings, B115200);
    if (::tcsetattr(descriptor, TCSANOW, &settings) == 0) return descriptor;
  }
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return -1;
}

}  // namespace

void DevicePort::open() {
  close();
  const int descriptor = open_raw(path_.c_str());
  if (descriptor < 0)
    return fail(fmt::format("cannot open {}: {}", path_, std::generic_category().message(errno)));
  Error error;
  stream().assign(descriptor, error);
  if (error) {
    ::close(descriptor);
    return fail(fmt::format("cannot watch {}: {}", path_, error.message()));
  }
  stream().non_blocking(true, error);
  boost::asio::post(stream().get_executor(), while_open([this] { succeed(); }));
}

}  // namespace storm
