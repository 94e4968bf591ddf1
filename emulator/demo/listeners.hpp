// Where a demo service is reached: a free port of the loopback for TCP and one for TLS, and the
// connections that have come in at either. Owned by the service; io thread only.
#pragma once

#include "net/acceptor.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace emulator::demo {

class Listeners {
 public:
  using Tcp = boost::asio::ip::tcp;
  using SslContext = std::shared_ptr<boost::asio::ssl::context>;

  /// Connections at a time, TCP and TLS together; one more is turned away.
  static constexpr std::size_t max_connections = 64;

  /// Lives as long as it keeps itself alive.
  class Connection {
   public:
    Connection() = default;
    virtual ~Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    virtual void start() = 0;
    virtual void close() = 0;
  };
  /// Without `tls` it is a plain one.
  using Make = std::function<std::shared_ptr<Connection>(Tcp::socket socket, SslContext tls)>;
  /// A TLS server's context when the first client comes; null when none can be made.
  using ServerContext = std::function<SslContext()>;

  /// `name` stands before what the log says.
  Listeners(boost::asio::io_context& io, std::string name, Make make)
      : io_(io), name_(std::move(name)), make_(std::move(make)) {}
  ~Listeners() { stop(); }
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  /// Listens for TCP. Answers what kept it from doing so.
  [[nodiscard]] boost::system::error_code start();
  /// Listens for TLS as well.
  [[nodiscard]] boost::system::error_code start_tls(ServerContext context);
  /// Ends what has come in, too.
  void stop();

  /// 0 where it does not listen.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint16_t tls_port() const;

 private:
  using Acceptor = net::Acceptor<Tcp>;

  [[nodiscard]] boost::system::error_code listen(std::unique_ptr<Acceptor>& acceptor,
                                                 ServerContext context);
  void admit(Tcp::socket socket, SslContext tls);

  boost::asio::io_context& io_;
  std::string name_;
  Make make_;
  std::unique_ptr<Acceptor> acceptor_;
  std::unique_ptr<Acceptor> tls_acceptor_;
  std::vector<std::weak_ptr<Connection>> connections_;
};

}  // namespace emulator::demo
