// TCP to the first of several addresses that answers (RFC 8305): families take turns, each attempt
// gets a head start, and one that hangs does not keep the next from beginning. Keeps itself alive
// until it has answered or is cancelled; io thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

using Addresses = std::vector<boost::asio::ip::tcp::endpoint>;

/// The same addresses, families in turn, that of the first one first.
Addresses interleaved(const Addresses& addresses);

class ConnectRace : public std::enable_shared_from_this<ConnectRace> {
 public:
  /// From the start of one attempt to that of the next, unless it fails before.
  static constexpr auto head_start = std::chrono::milliseconds(250);
  /// Addresses tried at the most.
  static constexpr std::size_t max_addresses = 16;

  /// When all fail: that one refused, if one did, else what came last.
  using Done = std::function<void(boost::system::error_code, boost::asio::ip::tcp::socket)>;

  /// `done` comes once, never from inside the call. `addresses` must not be empty.
  /// From `local_port`, unless it is 0.
  static std::shared_ptr<ConnectRace> start(boost::asio::io_context& io, const Addresses& addresses,
                                            std::uint16_t local_port, Done done);

  ConnectRace(boost::asio::io_context& io, const Addresses& addresses, std::uint16_t local_port,
              Done done);

  /// `done` does not come any more.
  void cancel();

 private:
  void begin_next();
  boost::system::error_code bind(boost::asio::ip::tcp::socket& socket,
                                 const boost::asio::ip::tcp& protocol) const;
  void ended(boost::asio::ip::tcp::socket& socket, boost::system::error_code error);
  void finish(boost::system::error_code error, boost::asio::ip::tcp::socket socket);

  boost::asio::io_context& io_;
  Addresses addresses_;
  std::uint16_t local_port_;
  Done done_;
  std::vector<std::unique_ptr<boost::asio::ip::tcp::socket>> sockets_;
  std::size_t under_way_ = 0;
  boost::asio::steady_timer timer_;
  boost::system::error_code failure_;
};

}  // namespace net
