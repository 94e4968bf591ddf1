// One client of the control interface: HTTP/1.1 by Boost.Beast, a request after the other, answered
// whole or as a stream. Checks who asks before it reads a body. Kept alive by what it waits for;
// io thread only. Owned by the HttpServer.
#pragma once

#include "emulator/control/access.hpp"
#include "emulator/control/http_exchange.hpp"
#include "emulator/control/http_limits.hpp"
#include "emulator/control/route_table.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace emulator::control {

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;
  using Ended = std::function<void(const std::shared_ptr<HttpConnection>&)>;

  /// What all connections share; outlives them while they are open.
  struct House {
    const HttpLimits& limits;
    const Access& access;
    const RouteTable& routes;
  };

  /// `served` as for Access::refusal. `ended` is told once, and never from inside start().
  HttpConnection(Socket socket, std::vector<std::string> served, House house, Ended ended);

  void start();
  /// Closes at once; handlers and streams are told.
  void drop();

  /// For the exchange and the stream under way.
  void answer(const Reply& reply);
  void begin_stream(const std::shared_ptr<HttpStream>& stream, const std::string& content_type);
  void stream_write(std::string_view bytes);
  void stream_close();

 private:
  using Error = boost::system::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  enum class State { waiting, reading, answering, streaming, writing, lingering };

  void await_request(std::chrono::milliseconds patience);
  void watch();
  void watched(Error error, std::size_t size);
  void read_header();
  void header_read(Error error);
  void read_body();
  void dispatch();
  [[nodiscard]] std::optional<Problem> refusal() const;
  void unreadable(Error error);
  void refuse(const Problem& problem);

  void send_head(const Reply& head, std::optional<std::size_t> length);
  void send(std::string_view bytes);
  [[nodiscard]] bool is_enough() const;
  void gather();
  void send_gathered();
  void write_some();
  void drained();
  void finish();
  void discard();

  void arm(std::chrono::milliseconds patience);
  void timed_out();

  Socket socket_;
  std::vector<std::string> served_;
  House house_;
  Ended ended_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer gathering_;
  State state_ = State::waiting;
  bool open_ = true;
  bool watching_ = false;  // and then nobody else reads into buffer_
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  bool head_only_ = false;
  bool keep_alive_ = false;
  bool chunked_ = false;
  bool reads_on_ = true;  // behind the last answer, so that it is not lost with what is unread
  unsigned version_ = 11;
  std::weak_ptr<HttpExchange> exchange_;
  std::weak_ptr<HttpStream> stream_;
  std::string gathered_;     // of a stream, not yet in out_
  bool gathers_ = false;     // until gathering_ has fired
  bool sends_soon_ = false;  // behind this turn of the loop
  std::deque<std::string> out_;
  std::size_t sent_ = 0;     // of the first of out_
  std::size_t backlog_ = 0;  // bytes of out_ and gathered_ not yet sent
  std::size_t discarded_ = 0;
};

}  // namespace emulator::control
