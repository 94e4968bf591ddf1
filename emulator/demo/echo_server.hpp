// Sends back what it gets, over TCP, over TLS, and over UDP at the number of the TCP port. A piece
// is read, written back, and only then the next one is read: who does not take what comes back is
// not read from. Owned by the DemoServices; io thread only.
#pragma once

#include "emulator/demo/listeners.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/error_code.hpp>

namespace emulator::demo {

class EchoServer {
 public:
  /// Bytes under way on a connection.
  static constexpr std::size_t piece = std::size_t{4} * 1024;
  /// Longest datagram that there is.
  static constexpr std::size_t max_datagram = 65'535;
  static constexpr std::chrono::seconds handshake_limit{30};

  explicit EchoServer(boost::asio::io_context& io);
  ~EchoServer() { stop(); }
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  /// Listens at a free port of the loopback, for TCP and UDP. Answers what kept it from doing so.
  [[nodiscard]] boost::system::error_code start();
  /// Listens for TLS as well.
  [[nodiscard]] boost::system::error_code start_tls(Listeners::ServerContext context) {
    return listeners_.start_tls(std::move(context));
  }
  void stop();

  /// 0 where it does not listen.
  [[nodiscard]] std::uint16_t port() const { return listeners_.port(); }
  [[nodiscard]] std::uint16_t tls_port() const { return listeners_.tls_port(); }

 private:
  using Udp = boost::asio::ip::udp;
  class Connection;

  [[nodiscard]] boost::system::error_code bind_both();
  void receive();

  Listeners listeners_;
  Udp::socket datagrams_;
  Udp::endpoint sender_;
  std::vector<std::uint8_t> datagram_;
};

}  // namespace emulator::demo
