#include "emulator/demo/echo_server.hpp"

#include "net/stream.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

namespace emulator::demo {

using boost::system::error_code;
namespace ssl = boost::asio::ssl;

namespace {

constexpr const char* log_name = "echo.demo";
const auto loopback = boost::asio::ip::address_v4::loopback();

}  // namespace

/// Keeps itself alive while it lasts.
class EchoServer::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::io_context& io, Tcp::socket socket, std::shared_ptr<ssl::context> tls)
      : limit_(io) {
    error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    if (tls)
      handshake_ = std::make_unique<net::TlsStream>(std::move(socket), std::move(tls));
    else
      stream_ = std::make_unique<net::TcpStream>(std::move(socket));
  }

  void start() {
    if (!handshake_) return read();
    limit_.expires_after(handshake_limit);
    limit_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->close();
    });
    handshake_->native().async_handshake(
        ssl::stream_base::server, [self = shared_from_this()](error_code error) {
          self->limit_.cancel();
          if (error) return spdlog::info("{}: TLS failed: {}", log_name, error.message());
          self->stream_ = std::move(self->handshake_);
          self->read();
        });
  }

  void close() {
    limit_.cancel();
    error_code ignored;
    for (auto* const stream : {stream_.get(), static_cast<net::Stream*>(handshake_.get())})
      if (stream != nullptr) stream->socket().close(ignored);
  }

 private:
  void read() {
    stream_->read_some(boost::asio::buffer(bytes_),
                       [self = shared_from_this()](error_code error, std::size_t size) {
                         if (error) return self->stream_->shut_down();
                         self->write(size);
                       });
  }

  void write(std::size_t size) {
    stream_->write(boost::asio::buffer(bytes_.data(), size),
                   [self = shared_from_this()](error_code error, std::size_t) {
                     if (!error) self->read();
                   });
  }

  boost::asio::steady_timer limit_;
  std::unique_ptr<net::TlsStream> handshake_;  // while it lasts
  std::unique_ptr<net::Stream> stream_;
  std::array<std::uint8_t, piece> bytes_{};
};

EchoServer::EchoServer(boost::asio::io_context& io) : io_(io), datagrams_(io) {}

error_code EchoServer::start() {
  // Somebody may have the UDP port of that number.
  constexpr int tries = 20;
  error_code error;
  for (int i = 0; i < tries; ++i)
    if (!(error = bind_both())) break;
  if (error) {
    stop();
    return error;
  }
  acceptor_->start([this](Tcp::socket socket) { admit(std::move(socket), nullptr); });
  datagram_.resize(max_datagram);
  receive();
  return error;
}

error_code EchoServer::bind_both() {
  stop();
  acceptor_ = std::make_unique<net::Acceptor<Tcp>>(io_, log_name);
  if (auto error = acceptor_->listen({loopback, 0})) return error;
  const Udp::endpoint same(loopback, port());
  error_code error;
  datagrams_.open(same.protocol(), error);
  if (!error) datagrams_.bind(same, error);
  if (!error) datagrams_.non_blocking(true, error);
  return error;
}

error_code EchoServer::start_tls(ServerContext context) {
  context_ = std::move(context);
  tls_acceptor_ = std::make_unique<net::Acceptor<Tcp>>(io_, log_name);
  if (auto error = tls_acceptor_->listen({loopback, 0})) {
    tls_acceptor_.reset();
    return error;
  }
  tls_acceptor_->start([this](Tcp::socket socket) {
    if (auto tls = context_()) admit(std::move(socket), std::move(tls));
  });
  return {};
}

void EchoServer::admit(Tcp::socket socket, std::shared_ptr<ssl::context> tls) {
  std::erase_if(connections_, [](const auto& known) { return known.expired(); });
  if (connections_.size() >= max_connections)
    return spdlog::warn("{}: more than {} connections, one is turned away", log_name,
                        max_connections);
  const auto connection = std::make_shared<Connection>(io_, std::move(socket), std::move(tls));
  connections_.push_back(connection);
  connection->start();
}

void EchoServer::receive() {
  datagrams_.async_receive_from(
      boost::asio::buffer(datagram_), sender_, [this](error_code error, std::size_t size) {
        if (error == boost::asio::error::operation_aborted) return;
        error_code lost;  // as datagrams are where there is no room
        if (!error)
          datagrams_.send_to(boost::asio::buffer(datagram_.data(), size), sender_, 0, lost);
        if (datagrams_.is_open()) receive();
      });
}

std::uint16_t EchoServer::port() const { return acceptor_ ? acceptor_->endpoint().port() : 0; }

std::uint16_t EchoServer::tls_port() const {
  return tls_acceptor_ ? tls_acceptor_->endpoint().port() : 0;
}

void EchoServer::stop() {
  acceptor_.reset();
  tls_acceptor_.reset();
  error_code ignored;
  datagrams_.close(ignored);
  for (const auto& known : std::exchange(connections_, {}))
    if (const auto connection = known.lock()) connection->close();
}

}  // namespace emulator::demo
