// A broker that does what the test tells it: accepts on the test's own io_context, collects packets
// and sends whatever bytes it is given. Greets CONNECT with CONNACK 0 unless told not to. For what
// a well-behaved broker never does.
#pragma once

#include "mqtt_backend/link/framer.hpp"
#include "mqtt_backend/link/packet.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace support {

class ScriptedBroker {
 public:
  explicit ScriptedBroker(boost::asio::io_context& io);

  std::uint16_t port() const;

  /// Called for every packet, after it was added to `packets`.
  std::function<void(const mqtt_backend::Packet&)> on_packet;
  /// What CONNECT is answered with; empty = nothing.
  mqtt_backend::Packet connack = {0x20, 2, 0, 0};
  /// False: reads nothing more after the read that is under way.
  bool reads = true;

  /// Everything received, over all connections.
  std::vector<mqtt_backend::Packet> packets;
  int connections = 0;
  int ended = 0;

  /// How many packets of one type came.
  std::size_t count(mqtt_backend::PacketType type) const;
  /// Copies of them.
  std::vector<mqtt_backend::Packet> of(mqtt_backend::PacketType type) const;

  /// Writes to the latest connection; waits until the kernel has it.
  void send(const mqtt_backend::Packet& bytes);
  /// FIN, or with `reset` RST, on the latest connection.
  void hang_up(bool reset = false);
  /// Starts to read when `reads` was false.
  void read();

 private:
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  std::shared_ptr<boost::asio::ip::tcp::socket> socket_;
  std::array<std::uint8_t, 65536> chunk_{};
  mqtt_backend::Framer framer_{1 << 20};
};

}  // namespace support
