#include "kernel/tcp.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace kernel {
namespace {

/// What the kernel refuses is not there.
void set(int socket, int level, int option, int value) {
  static_cast<void>(::setsockopt(socket, level, option, &value, sizeof value));
}

}  // namespace

std::optional<std::size_t> unacknowledged_bytes(int socket) {
  int bytes = 0;
  if (::ioctl(socket, SIOCOUTQ, &bytes) != 0) return std::nullopt;
  return static_cast<std::size_t>(bytes);
}

void acknowledge_at_once(int socket) { set(socket, IPPROTO_TCP, TCP_QUICKACK, 1); }

bool end_is_acknowledged(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return true;
  return info.tcpi_state == TCP_FIN_WAIT2 || info.tcpi_state == TCP_TIME_WAIT ||
         info.tcpi_state == TCP_CLOSE;
}

void give_up_after(int socket, int seconds) {
  constexpr int ms_in_s = 1000;
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, seconds * ms_in_s);
}

void keep_alive(int socket, const KeepAlive& how) {
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, how.idle_s);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, how.interval_s);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, how.probes);
}

}  // namespace kernel
