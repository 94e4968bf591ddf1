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
class EchoServer::Connection : public Listeners::Connection,
                               public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::io_context& io, Listeners::Tcp::socket socket, Listeners::SslContext tls)
      : limit_(io) {
    if (tls)
      handshake_ = std::make_unique<net::TlsStream>(std::move(socket), std::move(tls));
    else
      stream_ = std::make_unique<net::TcpStream>(std::move(socket));
  }

  void start() override {
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

  void close() override {
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

EchoServer::EchoServer(boost::asio::io_context& io)
    : listeners_(io, log_name,
                 [&io](Listeners::Tcp::socket socket, Listeners::SslContext tls) {
                   return std::make_shared<Connection>(io, std::move(socket), std::move(tls));
                 }),
      datagrams_(io) {}

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
  datagram_.resize(max_datagram);
  receive();
  return error;
}

error_code EchoServer::bind_both() {
  stop();
  if (auto error = listeners_.start()) return error;
  const Udp::endpoint same(loopback, port());
  error_code error;
  datagrams_.open(same.protocol(), error);
  if (!error) datagrams_.bind(same, error);
  if (!error) datagrams_.non_blocking(true, error);
  return error;
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

void EchoServer::stop() {
  listeners_.stop();
  error_code ignored;
  datagrams_.close(ignored);
}

}  // namespace emulator::demo
