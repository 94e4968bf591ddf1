// What sockets of the unit lead to: connections whose bytes a case hears and says as they are.
// Owned by the Bench.
#pragma once

#include "conformance/run/loop.hpp"
#include "conformance/run/tcp_line.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace conformance {

class FarLine : public TcpLine {
 public:
  /// More than this is not kept: a case hears less.
  static constexpr std::size_t max_unread = 1024 * 1024;

  FarLine(boost::asio::ip::tcp::socket socket, std::function<void(std::string_view)> on_bytes)
      : TcpLine(std::move(socket)), on_bytes_(std::move(on_bytes)) {}

  void start();

  std::string unread;    // what the unit has sent and no step has taken
  bool is_over = false;  // the unit has ended its side, or all of it
  Time last_heard = Clock::now();

 private:
  void heard(std::string_view bytes) override;
  void ended(bool finished) override;

  std::function<void(std::string_view)> on_bytes_;
};

class FarEnd {
 public:
  /// Throws boost::system::system_error when the address is not ours.
  FarEnd(Loop& loop, const std::string& address);

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  /// Connections that no step has taken, oldest first.
  std::deque<std::shared_ptr<FarLine>> waiting;
  /// Ends all connections and forgets them.
  void clear();
  /// Told of what the unit sends.
  std::function<void(std::string_view bytes)> on_bytes = [](auto) {};

 private:
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::shared_ptr<FarLine>> lines_;
};

}  // namespace conformance
