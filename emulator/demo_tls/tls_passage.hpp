// One connection of a module that is led past its broker for a `tls` fault: what the module meets
// there, and the way on to the broker where it does not mind. Keeps itself alive while it lasts;
// io_context thread only.
#pragma once

#include "emulator/faults/faulty_link.hpp"
#include "net/dialer.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace emulator {

class TlsPassage : public std::enable_shared_from_this<TlsPassage> {
 public:
  /// Bytes under way, in each direction.
  static constexpr std::size_t piece = std::size_t{16} * 1024;
  /// For the module to come.
  static constexpr std::chrono::seconds arrival_limit{30};

  using Context = std::shared_ptr<boost::asio::ssl::context>;

  /// `context`: of a server whose certificate has the flaw, where the trouble is about that.
  TlsPassage(boost::asio::io_context& io, faults::TlsTrouble trouble, net::Dialer::Target broker,
             Context context, net::DialerOptions options);

  /// Waits for the module at a port of the loopback, which it answers; 0 when there is none.
  [[nodiscard]] std::uint16_t start();
  /// Cuts off both sides.
  void close();

 private:
  using Socket = boost::asio::ip::tcp::socket;
  using Piece = std::array<std::uint8_t, piece>;

  void meet(Socket socket);
  void refuse(std::uint8_t alert);
  void swallow();
  void dial();
  void reached(std::unique_ptr<net::Stream> stream);
  void pass_up();
  void pass_down();

  faults::TlsTrouble trouble_;
  net::Dialer::Target broker_address_;
  Context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer limit_;
  net::Dialer dialer_;
  std::unique_ptr<net::TlsStream> handshake_;  // while it lasts
  std::unique_ptr<net::Stream> module_;
  std::unique_ptr<net::Stream> broker_;
  std::size_t left_ = 0;  // of cut: bytes that still pass
  Piece up_{};
  Piece down_{};
};

}  // namespace emulator
