// Why an operation of the TCP/IP layer failed, by the numbers and words of +QIGETERROR (data
// services 5), and the last one of a module. Used by contexts, names, pings, time and sockets.
#pragma once

#include <string_view>

namespace cellular {

enum class TcpIpError {
  none = 0,
  unknown = 550,
  blocked = 551,
  invalid_parameters = 552,
  no_memory = 553,
  socket_creation_failed = 554,
  not_supported = 555,
  bind_failed = 556,
  listen_failed = 557,
  write_failed = 558,
  read_failed = 559,
  accept_failed = 560,
  activation_failed = 561,
  deactivation_failed = 562,
  socket_in_use = 563,
  dns_busy = 564,
  dns_failed = 565,
  connect_failed = 566,
  socket_closed = 567,
  busy = 568,
  timed_out = 569,
  context_lost = 570,
  cancelled = 571,
  not_allowed = 572,
  port_busy = 574,
  handshake_failed = 579,
};

constexpr int code(TcpIpError error) { return static_cast<int>(error); }

/// As +QIGETERROR spells it.
constexpr std::string_view words(TcpIpError error) {
  switch (error) {
    case TcpIpError::none:
      return "operate successfully";
    case TcpIpError::unknown:
      return "unknown error";
    case TcpIpError::blocked:
      return "operation blocked";
    case TcpIpError::invalid_parameters:
      return "invalid parameters";
    case TcpIpError::no_memory:
      return "memory allocation failed";
    case TcpIpError::socket_creation_failed:
      return "create socket failed";
    case TcpIpError::not_supported:
      return "operation not support";
    case TcpIpError::bind_failed:
      return "socket bind failed";
    case TcpIpError::listen_failed:
      return "socket listen failed";
    case TcpIpError::write_failed:
      return "socket write failed";
    case TcpIpError::read_failed:
      return "socket read failed";
    case TcpIpError::accept_failed:
      return "socket accept failed";
    case TcpIpError::activation_failed:
      return "activate pdp context failed";
    case TcpIpError::deactivation_failed:
      return "deactive pdp context failed";
    case TcpIpError::socket_in_use:
      return "socket identity has been used";
    case TcpIpError::dns_busy:
      return "dns busy";
    case TcpIpError::dns_failed:
      return "dns failed";
    case TcpIpError::connect_failed:
      return "socket connect failed";
    case TcpIpError::socket_closed:
      return "connection reset";
    case TcpIpError::busy:
      return "system busy";
    case TcpIpError::timed_out:
      return "operation timeout";
    case TcpIpError::context_lost:
      return "pdp context deactived";
    case TcpIpError::cancelled:
      return "user cancel send";
    case TcpIpError::not_allowed:
      return "operation not allowed";
    // reading: 574 is the notes' number for it, the words are the maker's of 573
    case TcpIpError::port_busy:
      return "port busy";
    case TcpIpError::handshake_failed:
      return "ssl handshake failed";
  }
  return {};
}

/// The last error of a module's TCP/IP layer; a success takes its place.
class LastError {
 public:
  void note(TcpIpError error) { error_ = error; }
  [[nodiscard]] TcpIpError get() const { return error_; }

 private:
  TcpIpError error_ = TcpIpError::none;
};

}  // namespace cellular
