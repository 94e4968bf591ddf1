// One TCP connection of the unit to the suite: what it says is handed on, what the suite says goes
// out in order. Owned by whoever took it, a link of the broker or the far end of a socket.
#pragma once

#include "conformance/run/loop.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/ip/tcp.hpp>

namespace conformance {

class TcpLine : public std::enable_shared_from_this<TcpLine> {
 public:
  /// Bytes that may wait for a unit that does not take them.
  static constexpr std::size_t max_outgoing = 16 * 1024 * 1024;

  virtual ~TcpLine() = default;
  TcpLine(const TcpLine&) = delete;
  TcpLine& operator=(const TcpLine&) = delete;

  /// Goes out in the order of the calls. Throws std::runtime_error when the unit takes so little
  /// that more than max_outgoing bytes would wait.
  void write(const std::string& bytes);
  /// FIN, behind all that was written; what the unit still says is heard.
  void finish();
  /// RST.
  void reset();
  void close();

  const Time opened_at = Clock::now();

 protected:
  explicit TcpLine(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  /// Reads until one side ends it.
  void read();
  virtual void heard(std::string_view bytes) = 0;
  /// The unit has ended it; `finished`: we had said that nothing more comes from us.
  virtual void ended(bool finished) = 0;

  boost::asio::ip::tcp::socket socket_;

 private:
  void write_next();

  std::array<char, 16384> buffer_{};
  std::deque<std::string> outgoing_;  // the first is being written
  std::size_t outgoing_bytes_ = 0;
  bool finished_ = false;
  bool ended_ = false;
};

}  // namespace conformance
