// The story of one TCP connection (RFC 9293) told as packets, from the bytes that passed and how it
// ended: handshake, data, acknowledgements, ends. Nothing is lost or late in it, so Wireshark finds
// nothing to complain about. Holds no data, so it stays as small as it is. Owned by whoever watches
// the connection.
#pragma once

#include "capture/direction.hpp"
#include "capture/ip_frame.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace capture {

/// Of a connection: the module's, and the other one.
enum class Side : std::uint8_t { near, far };

enum class Ending : std::uint8_t {
  finished_by_near,  // it sends nothing more; the other side still may
  finished_by_far,
  reset_by_near,  // nothing passes any more
  reset_by_far
};

class TcpFlow {
 public:
  /// Takes each packet, and which way it went.
  using Sink = std::function<void(Direction, std::string packet)>;

  /// Most bytes of data in a packet. Each is acknowledged before the next, so a window of 65535
  /// never fills.
  static constexpr std::size_t max_segment = 16 * 1024;

  struct Ends {
    Endpoint near;  // both of one family
    Endpoint far;
    Side opener = Side::near;
    /// Sequence numbers of the SYNs. A later connection between the very same ends must begin
    /// elsewhere: it would read as the first one's SYN again.
    std::uint32_t near_start = 0x10000000;
    std::uint32_t far_start = 0x20000000;
  };

  /// Gives the handshake at once.
  TcpFlow(const Ends& ends, Sink sink);

  /// Bytes that passed. Nothing comes of those of a side that has finished, or after a reset.
  void passed(Direction direction, std::string_view bytes);

  /// What cannot happen any more is passed over.
  void ended(Ending ending);

  /// Both sides have finished, or one has reset: there are no more packets.
  [[nodiscard]] bool is_over() const;

 private:
  /// What one side has sent so far.
  struct Half {
    Endpoint end;
    std::uint32_t next = 0;  // sequence number
    bool finished = false;
  };

  void open(Direction opening);
  void finish(Direction direction);
  void reset(Direction direction);
  void give(Direction direction, std::uint8_t flags, std::string_view data = {});
  [[nodiscard]] Half& half(Direction direction);

  std::array<Half, 2> halves_;  // by Direction
  Sink sink_;
  bool reset_ = false;
};

}  // namespace capture
