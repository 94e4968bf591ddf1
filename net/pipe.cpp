#include "net/pipe.hpp"

#include <utility>

#include <boost/asio/write.hpp>

namespace net {

using boost::asio::ip::tcp;
using boost::system::error_code;

TcpPipe::TcpPipe(tcp::socket socket) : socket_(std::move(socket)) {}

void TcpPipe::read_some(boost::asio::mutable_buffer buffer, Done done) {
  socket_.async_read_some(buffer, std::move(done));
}

void TcpPipe::write(boost::asio::const_buffer buffer, Done done) {
  boost::asio::async_write(socket_, buffer, std::move(done));
}

void TcpPipe::say_goodbye() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

TlsPipe::TlsPipe(tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> context)
    : context_(std::move(context)),
      stream_(std::make_shared<Stream>(std::move(socket), *context_)) {}

void TlsPipe::read_some(boost::asio::mutable_buffer buffer, Done done) {
  stream_->async_read_some(buffer, std::move(done));
}

void TlsPipe::write(boost::asio::const_buffer buffer, Done done) {
  boost::asio::async_write(*stream_, buffer, std::move(done));
}

void TlsPipe::say_goodbye() {
  // The alert is in the kernel when the call returns; the peer's own is not waited for.
  stream_->async_shutdown([context = context_, stream = stream_](error_code) {});
  error_code ignored;
  socket().shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace net
