#include "conformance/run/tcp_line.hpp"

#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace conformance {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

void TcpLine::read() {
  socket_.async_read_some(asio::buffer(buffer_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            if (self->ended_) return;
                            if (error) {
                              self->ended(self->finished_);
                              self->close();
                              return;
                            }
                            self->heard({self->buffer_.data(), size});
                            self->read();
                          });
}

void TcpLine::write(const std::string& bytes) {
  if (!socket_.is_open() || bytes.empty()) return;
  if (outgoing_bytes_ + bytes.size() > max_outgoing)
    throw std::runtime_error("the unit does not take what it is told");
  outgoing_bytes_ += bytes.size();
  outgoing_.push_back(bytes);
  if (outgoing_.size() == 1) write_next();
}

void TcpLine::write_next() {
  asio::async_write(socket_, asio::buffer(outgoing_.front()),
                    [self = shared_from_this()](error_code error, std::size_t) {
                      self->outgoing_bytes_ -= self->outgoing_.front().size();
                      self->outgoing_.pop_front();
                      // The reading side notices the end.
                      if (error || self->ended_) return;
                      if (!self->outgoing_.empty())
                        self->write_next();
                      else if (self->finished_)
                        self->finish();
                    });
}

void TcpLine::finish() {
  error_code ignored;
  finished_ = true;
  if (outgoing_.empty()) socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void TcpLine::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

void TcpLine::close() {
  error_code ignored;
  ended_ = true;
  socket_.close(ignored);
}

}  // namespace conformance
