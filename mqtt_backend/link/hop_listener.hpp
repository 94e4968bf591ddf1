// The door for the MQTT library's own connections: one listener on 127.0.0.1 for the process. A
// connection proves to be ours by the one-time nonce that it carries as client id in its CONNECT;
// anything else is closed. Owned by PahoWorld; all on the io thread.
#pragma once

#include "mqtt_backend/link/packet.hpp"
#include "net/acceptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace mqtt_backend {

class HopListener {
 public:
  /// Takes over an identified connection and its CONNECT.
  using Claim = std::function<void(boost::asio::ip::tcp::socket socket, Packet connect)>;

  /// Connections that may be here without a CONNECT, beside one for each that is waited for. The
  /// oldest has to go for one more, since ours show theirs within milliseconds.
  static constexpr std::size_t max_strangers = 64;
  /// Room for a CONNECT with the longest user name, password (4096 each) and will (256 + 256).
  static constexpr std::size_t max_first_packet = 16 * 1024;
  static constexpr auto first_packet_limit = std::chrono::seconds(2);

  /// `accepted` is called for every connection taken, identified or not.
  HopListener(boost::asio::io_context& io, std::function<void()> accepted);
  ~HopListener();

  /// Listens. False when no port can be had.
  bool start();

  /// Closes the listener and whatever is not identified yet.
  void stop();

  /// Port on 127.0.0.1, chosen by the kernel.
  std::uint16_t port() const { return port_; }

  /// Draws a nonce and waits for it. Used once, then forgotten. Empty when randomness fails.
  std::string expect(Claim claim);
  void forget(const std::string& nonce);

  /// Connections that are here without a CONNECT.
  std::size_t guests() const { return guests_.size(); }
  /// How many had to go for others.
  std::uint64_t evicted() const { return evicted_; }

 private:
  class Guest;

  void admit(boost::asio::ip::tcp::socket socket);
  void make_room();
  void identify(const std::shared_ptr<Guest>& guest, Packet connect);

  boost::asio::io_context& io_;
  net::Acceptor<boost::asio::ip::tcp> acceptor_;
  std::function<void()> accepted_;
  std::uint16_t port_ = 0;
  std::map<std::string, Claim> claims_;
  std::list<std::shared_ptr<Guest>> guests_;  // the oldest first
  std::uint64_t evicted_ = 0;
  bool crowded_ = false;
};

}  // namespace mqtt_backend
