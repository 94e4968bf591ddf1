// Apart from everything else because <asm/termbits.h> and <termios.h> exclude each other.
#include "pty/terminal_rate.hpp"

#include <sys/ioctl.h>

#include <asm/termbits.h>

namespace pty {

std::optional<int> terminal_rate(int descriptor) {
  termios2 settings{};
  if (::ioctl(descriptor, TCGETS2, &settings) != 0) return std::nullopt;
  if ((settings.c_cflag & CBAUD) == B0) return 0;
  return static_cast<int>(settings.c_ospeed);
}

}  // namespace pty
