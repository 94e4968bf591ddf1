// Cuts a byte stream into MQTT packets. A packet over the cap is refused as soon as its length is
// known, before any of it is buffered. Owned by each PacketStream; pure.
#pragma once

#include "mqtt_backend/link/packet.hpp"

#include <cstddef>
#include <cstdint>

namespace mqtt_backend {

class Framer {
 public:
  enum class Result {
    more,       // the next packet is not complete yet
    packet,     // one packet was taken out
    malformed,  // the remaining length has a fifth byte, or the rule refuses the header
    too_long,   // the packet would be over the cap
  };

  /// Whether a packet may begin with this byte and have so many bytes behind its fixed header.
  using HeaderRule = bool (*)(std::uint8_t first, std::size_t body);

  /// `cap` is the longest packet accepted, fixed header included, in bytes. A header that `rule`
  /// refuses is reported without waiting for the rest.
  explicit Framer(std::size_t cap, HeaderRule rule = nullptr) : cap_(cap), rule_(rule) {}

  void append(const std::uint8_t* data, std::size_t size);

  /// Takes the next packet out. After malformed or too_long the stream is of no use any more.
  Result next(Packet& packet);

  /// Bytes that wait for the rest of their packet.
  std::size_t buffered() const { return buffer_.size() - start_; }

 private:
  std::size_t cap_;
  HeaderRule rule_;
  std::size_t start_ = 0;
  Packet buffer_;
};

}  // namespace mqtt_backend
