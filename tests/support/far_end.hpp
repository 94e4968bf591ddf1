// The far end of a data service: takes connections on a free port of the loopback, in the test's
// own thread, blocking. Owned by a test case.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace support {

class FarEnd {
 public:
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void accept() { socket_ = acceptor_.accept(); }
  /// Exactly so many bytes.
  [[nodiscard]] std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    boost::asio::read(socket_, boost::asio::buffer(bytes));
    return bytes;
  }
  void write(const std::string& bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
  /// Nothing more from this side.
  void finish() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
  void reset() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }
  /// Whether the other side has finished, with nothing unread.
  [[nodiscard]] bool sees_end() {
    char byte = 0;
    boost::system::error_code error;
    boost::asio::read(socket_, boost::asio::buffer(&byte, 1), error);
    return error == boost::asio::error::eof;
  }
  [[nodiscard]] boost::asio::ip::tcp::socket& socket() { return socket_; }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{
      io_, {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}}};
  boost::asio::ip::tcp::socket socket_{io_};
};

}  // namespace support
