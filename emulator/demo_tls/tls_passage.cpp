#include "emulator/demo_tls/tls_passage.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <spdlog/spdlog.h>

namespace emulator {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

// RFC 5246, 7.2
constexpr std::uint8_t handshake_failure = 40;
constexpr std::uint8_t protocol_version = 70;

}  // namespace

TlsPassage::TlsPassage(boost::asio::io_context& io, faults::TlsTrouble trouble,
                       net::Dialer::Target broker, Context context, net::DialerOptions options)
    : trouble_(std::move(trouble)),
      broker_address_(std::move(broker)),
      context_(std::move(context)),
      acceptor_(io),
      limit_(io),
      dialer_(io, std::move(options)),
      left_(trouble_.at_byte) {}

std::uint16_t TlsPassage::start() {
  const tcp::endpoint loopback(boost::asio::ip::address_v4::loopback(), 0);
  error_code error;
  acceptor_.open(loopback.protocol(), error);
  if (!error) acceptor_.bind(loopback, error);
  if (!error) acceptor_.listen(1, error);
  const auto port = error ? std::uint16_t{0} : acceptor_.local_endpoint(error).port();
  if (error) {
    spdlog::warn("tls fault: {}", error.message());
    return 0;
  }
  acceptor_.async_accept([self = shared_from_this()](error_code failed, Socket socket) {
    self->limit_.cancel();
    error_code ignored;
    self->acceptor_.close(ignored);
    if (!failed) self->meet(std::move(socket));
  });
  limit_.expires_after(arrival_limit);
  limit_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->close();
  });
  return port;
}

void TlsPassage::meet(Socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (context_)
    handshake_ = std::make_unique<net::TlsStream>(std::move(socket), context_);
  else
    module_ = std::make_unique<net::TcpStream>(std::move(socket));
  const auto& mode = trouble_.mode;
  if (mode == "stall") return swallow();
  if (mode == "version") return refuse(protocol_version);
  if (mode == "suite") return refuse(handshake_failure);
  dial();
}

/// The alert of a server that has nothing of what the ClientHello offers.
void TlsPassage::refuse(std::uint8_t alert) {
  module_->read_some(boost::asio::buffer(up_),
                     [self = shared_from_this(), alert](error_code error, std::size_t) {
                       if (error) return self->close();
                       self->down_ = {21, 3, 1, 0, 2, 2, alert};
                       constexpr std::size_t alert_size = 7;
                       self->module_->write(boost::asio::buffer(self->down_.data(), alert_size),
                                            [self](error_code, std::size_t) {
                                              self->module_->shut_down();
                                              self->swallow();
                                            });
                     });
}

void TlsPassage::swallow() {
  module_->read_some(boost::asio::buffer(up_),
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (error) return self->close();
                       self->swallow();
                     });
}

void TlsPassage::dial() {
  net::Dialer::Events events;
  events.established = [self = shared_from_this()](std::unique_ptr<net::Stream> stream) {
    self->reached(std::move(stream));
  };
  events.failed = [self = shared_from_this()](net::Dialer::Failure, const std::string& detail) {
    spdlog::info("tls fault: the broker cannot be reached: {}", detail);
    self->close();
  };
  dialer_.dial(broker_address_, {}, std::move(events));
}

void TlsPassage::reached(std::unique_ptr<net::Stream> stream) {
  broker_ = std::move(stream);
  const auto pass = [this] {
    pass_up();
    pass_down();
  };
  if (!handshake_) return pass();
  handshake_->native().async_handshake(boost::asio::ssl::stream_base::server,
                                       [self = shared_from_this(), pass](error_code error) {
                                         if (!self->handshake_) return;
                                         if (error) return self->close();
                                         self->module_ = std::move(self->handshake_);
                                         pass();
                                       });
}

void TlsPassage::pass_up() {
  module_->read_some(boost::asio::buffer(up_),
                     [self = shared_from_this()](error_code error, std::size_t size) {
                       if (error || !self->broker_) return self->close();
                       self->broker_->write(boost::asio::buffer(self->up_.data(), size),
                                            [self](error_code failed, std::size_t) {
                                              if (failed || !self->module_) return self->close();
                                              self->pass_up();
                                            });
                     });
}

void TlsPassage::pass_down() {
  broker_->read_some(boost::asio::buffer(down_),
                     [self = shared_from_this()](error_code error, std::size_t size) {
                       if (error || !self->module_) return self->close();
                       const bool cuts = self->trouble_.mode == "cut";
                       if (cuts) size = std::min(size, self->left_);
                       if (cuts) self->left_ -= size;
                       self->module_->write(boost::asio::buffer(self->down_.data(), size),
                                            [self, cuts](error_code failed, std::size_t) {
                                              const bool over = cuts && self->left_ == 0;
                                              if (failed || over || !self->broker_)
                                                return self->close();
                                              self->pass_down();
                                            });
                     });
}

/// Streams stay until no handler of theirs is under way: they go with the last.
void TlsPassage::close() {
  limit_.cancel();
  dialer_.cancel();
  error_code ignored;
  acceptor_.close(ignored);
  for (auto* const stream :
       {module_.get(), broker_.get(), static_cast<net::Stream*>(handshake_.get())})
    if (stream != nullptr) stream->socket().close(ignored);
}

}  // namespace emulator
