// Sends back what it gets, over TCP, over TLS, and over UDP at the number of the TCP port. A piece
// is read, written back, and only then the next one is read: who does not take what comes back is
// not read from. Owned by the DemoServices; io thread only.
#pragma once

#include "net/acceptor.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace emulator::demo {

/// A TLS server's context when the first client comes; null when none can be made.
using ServerContext = std::function<std::shared_ptr<boost::asio::ssl::context>()>;

class EchoServer {
 public:
  /// Connections at a time, TCP and TLS together; one more is turned away.
  static constexpr std::size_t max_connections = 64;
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
  [[nodiscard]] boost::system::error_code start_tls(ServerContext context);
  void stop();

  /// 0 where it does not listen.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint16_t tls_port() const;

 private:
  using Tcp = boost::asio::ip::tcp;
  using Udp = boost::asio::ip::udp;
  class Connection;

  [[nodiscard]] boost::system::error_code bind_both();
  void admit(Tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> tls);
  void receive();

  boost::asio::io_context& io_;
  std::unique_ptr<net::Acceptor<Tcp>> acceptor_;
  std::unique_ptr<net::Acceptor<Tcp>> tls_acceptor_;
  ServerContext context_;
  std::vector<std::weak_ptr<Connection>> connections_;
  Udp::socket datagrams_;
  Udp::endpoint sender_;
  std::vector<std::uint8_t> datagram_;
};

}  // namespace emulator::demo
