#include "net/listen_place.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace net {

using boost::asio::ip::tcp;

std::optional<std::string> ListenPlace::refusal() const {
  boost::asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code error;
  socket.open(tcp::v4(), error);
  if (!error) socket.bind({address, 0}, error);
  if (!error) return std::nullopt;
  return error.message();
}

}  // namespace net
