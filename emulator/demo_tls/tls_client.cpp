#include "emulator/demo_tls/tls_client.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

namespace emulator {

using boost::asio::ip::tcp;
using boost::system::error_code;
namespace ssl = boost::asio::ssl;

namespace {

constexpr std::chrono::seconds goodbye_limit{2};

}  // namespace

TlsFront::Client::Client(boost::asio::io_context& io, tcp::socket socket, ssl::context& context)
    : client_(std::move(socket), context), broker_(io), limit_(io) {}

void TlsFront::Client::start(std::uint16_t broker_port) {
  error_code ignored;
  client_.next_layer().set_option(tcp::no_delay(true), ignored);
  end_within(handshake_limit);
  client_.async_handshake(ssl::stream_base::server,
                          [self = shared_from_this(), broker_port](error_code error) {
                            if (!error) return self->connect(broker_port);
                            spdlog::info("demo broker: TLS failed: {}", error.message());
                            self->close();
                          });
}

void TlsFront::Client::connect(std::uint16_t broker_port) {
  broker_.async_connect({boost::asio::ip::address_v4::loopback(), broker_port},
                        [self = shared_from_this()](error_code error) {
                          self->limit_.cancel();
                          if (error) return self->close();
                          error_code ignored;
                          self->broker_.set_option(tcp::no_delay(true), ignored);
                          self->pass_up();
                          self->pass_down();
                        });
}

void TlsFront::Client::pass_up() {
  client_.async_read_some(
      boost::asio::buffer(up_), [self = shared_from_this()](error_code error, std::size_t size) {
        if (error) return self->client_left();
        boost::asio::async_write(self->broker_, boost::asio::buffer(self->up_.data(), size),
                                 [self](error_code failed, std::size_t) {
                                   if (!failed) self->pass_up();
                                 });
      });
}

void TlsFront::Client::pass_down() {
  broker_.async_read_some(
      boost::asio::buffer(down_), [self = shared_from_this()](error_code error, std::size_t size) {
        if (error) return self->broker_left();
        boost::asio::async_write(self->client_, boost::asio::buffer(self->down_.data(), size),
                                 [self](error_code failed, std::size_t) {
                                   if (failed) return self->close();
                                   self->pass_down();
                                 });
      });
}

/// The broker gets what is on its way, and ends the connection itself.
void TlsFront::Client::client_left() {
  error_code ignored;
  broker_.shutdown(tcp::socket::shutdown_send, ignored);
  if (!leaving_) end_within(goodbye_limit);
}

/// The client is told as TLS wants it.
void TlsFront::Client::broker_left() {
  if (std::exchange(leaving_, true)) return;
  end_within(goodbye_limit);
  client_.async_shutdown([self = shared_from_this()](error_code) { self->close(); });
}

void TlsFront::Client::end_within(std::chrono::milliseconds limit) {
  limit_.expires_after(limit);
  limit_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->close();
  });
}

void TlsFront::Client::close() {
  leaving_ = true;
  limit_.cancel();
  error_code ignored;
  broker_.close(ignored);
  client_.next_layer().close(ignored);
}

}  // namespace emulator
