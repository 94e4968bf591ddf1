// One connection that carries MQTT packets: cuts what comes in, queues what goes out, one read
// and one write at a time; what queued up meanwhile goes out together. The real link and the
// loopback hop are both one of these. Owned by one Relay through a shared_ptr; all on the io
// thread. After close() no event comes any more.
#pragma once

#include "mqtt_backend/link/framer.hpp"
#include "mqtt_backend/link/packet.hpp"
#include "mqtt_backend/link/queue.hpp"
#include "net/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mqtt_backend {

class PacketStream : public std::enable_shared_from_this<PacketStream> {
 public:
  /// Bytes that may wait to be written; while there are more, send() refuses.
  static constexpr std::size_t max_backlog = 2 * 1024 * 1024;
  /// Bytes of packets that are written together, or one packet that is longer.
  static constexpr std::size_t max_batch = 64 * 1024;
  /// Bytes that one read takes at least and at most: more while the peer has more.
  static constexpr std::size_t min_chunk = 256;
  static constexpr std::size_t max_chunk = 16 * 1024;

  struct Events {
    std::function<void(Packet)> packet;
    /// The bytes are not MQTT, or a packet is over the cap; nothing is read any more.
    std::function<void(const std::string& fault)> broken;
    /// The packet is in the kernel; `tag` is what send() was given.
    std::function<void(const Packet& packet, std::uint64_t tag)> written;
    /// The connection ended; `unsent` is the packet whose writing failed.
    std::function<void(boost::system::error_code error, std::optional<PacketType> unsent)> ended;
  };

  enum class Acks { normal, quick };

  /// `cap` is the longest packet accepted in bytes. Acks::quick answers TCP segments at once.
  PacketStream(std::unique_ptr<net::Stream> stream, std::size_t cap, Acks acks,
               Framer::HeaderRule rule = nullptr);

  /// Sets the events and starts to read.
  void start(Events events);

  /// No packet comes and nothing is read (but for at most one more chunk), or both go on.
  void hold(bool held);
  bool held() const { return held_; }

  /// Queues a packet. False when closed or when the backlog is too long.
  bool send(Packet packet, std::uint64_t tag = 0);

  /// Bytes queued and not yet taken by the kernel.
  std::size_t backlog() const { return backlog_; }

  /// False while the peer's TCP has not acknowledged all that was queued.
  bool delivered();

  /// Ends the sending direction, then closes: what was written reaches the peer.
  void finish();
  void close();
  /// Closes with RST, which leaves no TIME_WAIT behind.
  void reset();

 private:
  struct Outgoing {
    Packet packet;
    std::uint64_t tag;
  };

  void read();
  void on_read(const boost::system::error_code& error, std::size_t size);
  void fit_chunk(std::size_t size);
  void cut_packets();
  void write();
  [[nodiscard]] boost::asio::const_buffer next_batch();
  void on_written(const boost::system::error_code& error, std::size_t size);

  std::unique_ptr<net::Stream> stream_;
  Framer framer_;
  Acks acks_;
  Events events_;
  std::vector<std::uint8_t> chunk_ = std::vector<std::uint8_t>(min_chunk);
  Queue<Outgoing> queue_;
  std::size_t batched_ = 0;  // packets at the front of the queue that are being written
  Packet batch_;             // their bytes, if they are several
  std::size_t backlog_ = 0;
  bool open_ = true;
  bool reading_ = false;
  bool held_ = false;
  bool broken_ = false;
};

}  // namespace mqtt_backend
