// One client of the TlsFront and its connection to the broker behind: a piece is read, written to
// the other side, and only then the next one is read. Keeps itself alive while it lasts.
#pragma once

#include "emulator/demo_tls/tls_front.hpp"

#include <array>
#include <cstdint>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

namespace emulator {

class TlsFront::Client : public std::enable_shared_from_this<TlsFront::Client> {
 public:
  Client(boost::asio::io_context& io, boost::asio::ip::tcp::socket socket,
         boost::asio::ssl::context& context);

  void start(std::uint16_t broker_port);
  /// Cuts off both sides.
  void close();

 private:
  using Piece = std::array<char, TlsFront::piece>;

  void connect(std::uint16_t broker_port);
  void pass_up();
  void pass_down();
  void client_left();
  void broker_left();
  void end_within(std::chrono::milliseconds limit);

  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> client_;
  boost::asio::ip::tcp::socket broker_;
  boost::asio::steady_timer limit_;
  Piece up_{};
  Piece down_{};
  bool leaving_ = false;
};

}  // namespace emulator
