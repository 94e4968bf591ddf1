// The suite's own broker: it takes links, tells what is asked on them and says what a case wants,
// down to the single byte, at the time the case wants. It answers nothing by itself.
#pragma once

#include "conformance/run/loop.hpp"
#include "conformance/run/mqtt.hpp"

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace conformance {

/// One connection of the unit.
class Link : public std::enable_shared_from_this<Link> {
 public:
  struct Request {
    std::string text;
    Time at;
  };

  explicit Link(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  void start(std::function<void(const std::string&)> on_request);
  /// Goes out in the order of the calls. Throws std::runtime_error when the unit takes so little
  /// that more than max_outgoing bytes would wait.
  void write(const std::string& bytes);
  /// FIN, behind all that was written; what the unit still says is heard.
  void finish();
  /// RST.
  void reset();
  void close();

  /// What the unit asked and no step has taken; `close` when it ended the link and we had not.
  std::deque<Request> requests;
  const Time opened_at = Clock::now();

  static constexpr std::size_t max_outgoing = 16 * 1024 * 1024;

 private:
  static constexpr std::size_t max_requests = 100'000;

  void read();
  void write_next();
  void take_in();
  void ask(const std::string& text);

  boost::asio::ip::tcp::socket socket_;
  std::array<char, 16384> buffer_{};
  std::string stream_;
  std::deque<std::string> outgoing_;  // the first is being written
  std::size_t outgoing_bytes_ = 0;
  wire::Narrator narrator_;
  std::function<void(const std::string&)> on_request_;
  bool finished_ = false;
  bool ended_ = false;
};

class Broker {
 public:
  /// Throws boost::system::system_error when the address is not ours.
  Broker(Loop& loop, const std::string& address);

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  /// Links that no step has taken, oldest first.
  std::deque<std::shared_ptr<Link>> waiting;
  /// Ends all links and forgets them.
  void clear();
  /// Told of each request, with the number of its link since the last clear().
  std::function<void(int link, const std::string& text)> on_request = [](int, const auto&) {};

 private:
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::shared_ptr<Link>> links_;
};

/// A port on which SYNs are not answered: its backlog is full and stays so.
class BlackHole {
 public:
  explicit BlackHole(Loop& loop, const std::string& address);
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<boost::asio::ip::tcp::socket> fill_;
};

/// A port that is ours and on which nobody listens.
class RefusedPort {
 public:
  RefusedPort(Loop& loop, const std::string& address);
  [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }

 private:
  boost::asio::ip::tcp::socket socket_;
};

}  // namespace conformance
