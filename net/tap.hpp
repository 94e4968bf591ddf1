// Who looks on at what passes over the module's sockets: the bytes of each TCP connection as they
// are on the wire, below TLS, and datagrams. Implemented by the capture; a program without one
// spends nothing on it. io thread only.
#pragma once

#include <chrono>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

namespace net {

class Tap {
 public:
  enum class Direction { sent, received };
  using Clock = std::chrono::system_clock;

  /// Of the module and of its peer. A server that the user has put elsewhere (--resolve) keeps the
  /// port by which it was asked for, so that what is read there is known by it.
  struct Ends {
    boost::asio::ip::tcp::endpoint near;
    boost::asio::ip::tcp::endpoint far;

    friend bool operator==(const Ends&, const Ends&) = default;
    friend bool operator<(const Ends& a, const Ends& b) {
      return a.near != b.near ? a.near < b.near : a.far < b.far;
    }
  };

  virtual ~Tap() = default;

  /// A connection is established; `by` says whose SYN it began with.
  virtual void opened(const Ends& ends, Direction by) = 0;
  /// At that time; what TLS needs to begin is told when it has begun, and so may be late.
  virtual void passed(const Ends& ends, Direction direction, std::string_view bytes,
                      Clock::time_point at) = 0;
  /// One side sends no more, or has broken it off. Said again it is not heard.
  virtual void ended(const Ends& ends, Direction by, bool is_reset) = 0;

  virtual void datagram(const Ends& ends, Direction direction, std::string_view bytes) = 0;
};

}  // namespace net
