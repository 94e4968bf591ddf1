// http.demo: the demo's pages over HTTP/1.1 and HTTPS, by Boost.Beast. Bodies of any length are
// made as they are taken, so that who does not read costs nothing. Owned by the DemoServices; io
// thread only.
#pragma once

#include "net/acceptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace emulator::demo {

class HttpServer {
 public:
  /// Connections at a time, HTTP and HTTPS together; one more is turned away.
  static constexpr std::size_t max_connections = 64;
  /// Bytes; a longer header is 431, a longer body 413.
  static constexpr std::uint32_t max_header = std::uint32_t{16} * 1024;
  static constexpr std::size_t max_body = std::size_t{1024} * 1024;
  static constexpr std::chrono::seconds handshake_limit{30};
  /// Between requests, and from a request's first byte to its last.
  static constexpr std::chrono::seconds request_limit{120};
  /// What a client still sends behind the last answer is read for so long, up to so many bytes: the
  /// kernel would else take the answer back.
  static constexpr std::chrono::seconds linger_limit{2};
  static constexpr std::size_t max_discarded = std::size_t{4} * 1024 * 1024;
  /// Without a byte of an answer being taken.
  static constexpr std::chrono::seconds write_limit{600};

  /// A TLS server's context when the first client comes; null when none can be made.
  using ServerContext = std::function<std::shared_ptr<boost::asio::ssl::context>()>;

  explicit HttpServer(boost::asio::io_context& io) : io_(io) {}
  ~HttpServer() { stop(); }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Listens at a free port of the loopback. Answers what kept it from doing so.
  [[nodiscard]] boost::system::error_code start();
  [[nodiscard]] boost::system::error_code start_tls(ServerContext context);
  void stop();

  /// 0 where it does not listen.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint16_t tls_port() const;

 private:
  using Tcp = boost::asio::ip::tcp;

  /// A connection, plain or TLS.
  class Connection {
   public:
    Connection() = default;
    virtual ~Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    virtual void start() = 0;
    virtual void close() = 0;
  };
  class Plain;
  class Tls;
  template <class Stream>
  class Exchanges;

  void admit(Tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> tls);

  boost::asio::io_context& io_;
  std::unique_ptr<net::Acceptor<Tcp>> acceptor_;
  std::unique_ptr<net::Acceptor<Tcp>> tls_acceptor_;
  ServerContext context_;
  std::vector<std::weak_ptr<Connection>> connections_;
};

}  // namespace emulator::demo
