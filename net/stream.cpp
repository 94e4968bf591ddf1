#include "net/stream.hpp"

#include <utility>

#include <boost/asio/write.hpp>

namespace net {

using boost::asio::ip::tcp;
using boost::system::error_code;

TcpStream::TcpStream(tcp::socket socket) : socket_(std::move(socket)) {}

void TcpStream::read_some(boost::asio::mutable_buffer buffer, Done done) {
  socket_.async_read_some(buffer, std::move(done));
}

void TcpStream::write(boost::asio::const_buffer buffer, Done done) {
  boost::asio::async_write(socket_, buffer, std::move(done));
}

void TcpStream::shut_down() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

TlsStream::TlsStream(tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> context)
    : context_(std::move(context)),
      stream_(std::make_shared<Native>(std::move(socket), *context_)) {}

void TlsStream::read_some(boost::asio::mutable_buffer buffer, Done done) {
  stream_->async_read_some(buffer, std::move(done));
}

void TlsStream::write(boost::asio::const_buffer buffer, Done done) {
  boost::asio::async_write(*stream_, buffer, std::move(done));
}

Stream::Security TlsStream::security() const {
  const auto* const ssl = stream_->native_handle();
  return {::SSL_get_version(ssl), ::SSL_get_cipher_name(ssl)};
}

void TlsStream::shut_down() {
  // The alert is in the kernel when the call returns; the peer's own is not waited for.
  stream_->async_shutdown([context = context_, stream = stream_](error_code) {});
  error_code ignored;
  socket().shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace net
