// The suite's own broker: it takes links, tells what is asked on them and says what a case wants,
// down to the single byte, at the time the case wants. It answers nothing by itself.
#pragma once

#include "conformance/run/loop.hpp"
#include "conformance/run/mqtt.hpp"
#include "conformance/run/tcp_line.hpp"

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace conformance {

/// One connection of the unit.
class Link : public TcpLine {
 public:
  struct Request {
    std::string text;
    Time at;
  };

  explicit Link(boost::asio::ip::tcp::socket socket) : TcpLine(std::move(socket)) {}

  void start(std::function<void(const std::string&)> on_request);

  /// What the unit asked and no step has taken; `close` when it ended the link and we had not.
  std::deque<Request> requests;

 private:
  static constexpr std::size_t max_requests = 100'000;

  void heard(std::string_view bytes) override;
  void ended(bool finished) override;
  void ask(const std::string& text);

  std::string stream_;
  wire::Narrator narrator_;
  std::function<void(const std::string&)> on_request_;
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
