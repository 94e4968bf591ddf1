#include "net/tls_handshake.hpp"

#include "net/tapped_stream.hpp"

#include <utility>

#include <spdlog/spdlog.h>

namespace net {

using boost::asio::ip::tcp;
using boost::system::error_code;

TlsHandshake::TlsHandshake(tcp::socket socket, ssl_ctx::TlsContext context, Server server,
                           Done done)
    : server_(std::move(server)),
      done_(std::move(done)),
      stream_(std::make_unique<TlsStream>(std::move(socket), std::move(context))) {}

std::shared_ptr<TlsHandshake> TlsHandshake::start(tcp::socket socket, ssl_ctx::TlsContext context,
                                                  Server server, const DialerOptions& options,
                                                  Done done) {
  std::shared_ptr<TlsHandshake> started(
      new TlsHandshake(std::move(socket), std::move(context), std::move(server), std::move(done)));
  started->begin(options);
  return started;
}

void TlsHandshake::begin(const DialerOptions& options) {
  sessions_ = options.sessions;
  auto& native = stream_->native();
  ssl_ctx::prepare_tls(native.native_handle(), *server_.tls, server_.name, options.tls);
  if (options.tap)
    watch_tls(native.native_handle(), options.tap, ends_of(stream_->socket(), server_.port));
  sessions_->offer(native.native_handle(), *server_.tls, server_.name, server_.port);
  native.async_handshake(
      boost::asio::ssl::stream_base::client,
      [self = shared_from_this()](error_code error) { self->negotiated(error); });
}

void TlsHandshake::negotiated(const error_code& error) {
  const auto done = std::exchange(done_, nullptr);
  if (!done) return;
  SSL* ssl = stream_->native().native_handle();
  show_handshake(ssl, error);
  if (error) return done(nullptr, ssl_ctx::tls_failure(ssl, error));
  spdlog::info("{}:{}: {}", server_.name, server_.port, ssl_ctx::describe_tls(ssl));
  sessions_->keep(ssl, *server_.tls, server_.name, server_.port);
  done(std::move(stream_), {});
}

void TlsHandshake::cancel() {
  done_ = nullptr;
  error_code ignored;
  if (stream_) stream_->socket().close(ignored);
}

}  // namespace net
