// A connection to a web server and the one exchange that is under way on it: connect, request,
// response, and again (data services 8). What of the response nobody reads yet waits in TCP, but
// for a window. Owned by the HttpSession.
#pragma once

#include "at_engine/timeline.hpp"
#include "cellular/bearer.hpp"
#include "codec/http_response.hpp"
#include "data_services/http/body_sink.hpp"
#include "data_services/http/http_error.hpp"
#include "data_services/service_world.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace data_services {

class HttpExchange {
 public:
  /// Bytes of a response that are asked for at a time, and so are kept here at the most.
  static constexpr std::size_t window = 4096;

  struct Server {
    std::string host{};
    std::uint16_t port = 0;
    std::optional<int> ssl_ctx{};
    int cid = 1;

    friend bool operator==(const Server&, const Server&) = default;
  };
  /// Told once, never from inside the call that asks for it.
  using Done = std::function<void(HttpError)>;

  /// `server_closed` is told when the server ends the connection.
  HttpExchange(const ServiceWorld& world, std::function<void()> server_closed);

  /// The connection that stands, or a new one in its place, for `command` (of static storage).
  void connect(const Server& server, std::string_view command, Done done);
  /// Sends `request` over it; done when the head of the response is there, which has to be within
  /// `patience`.
  void ask(std::string request, at::Duration patience, Done done);
  [[nodiscard]] const codec::HttpHead& head() const { return *response_->head(); }
  /// The body into `sink`, behind the head if it is to have that too; `gap` is the longest that the
  /// server may pause.
  void read(std::shared_ptr<BodySink> sink, bool with_head, at::Duration gap, Done done);
  /// The sink has room again.
  void go_on();

  /// What is under way is over, without a word, and the connection with it.
  void cut();

 private:
  enum class Stage { idle, connecting, asking, reading };

  void reach();
  void reach_again();
  void dial();
  void established();
  void send();
  void arrived(const std::string& bytes);
  void ended();
  void tell_closed();
  void bearer_lost();
  void disconnect(HttpError why);
  void answered();
  void flow();
  void pause();
  void want(std::size_t bytes);
  void finish(HttpError error);
  [[nodiscard]] Connection::Events events(at::Duration handshake_limit);
  [[nodiscard]] HttpError error_of(OpenFailure failure) const;
  [[nodiscard]] bool is_free() const;
  [[nodiscard]] bool may_repeat() const;
  [[nodiscard]] bool has_head() const { return response_ && response_->head().has_value(); }

  const ServiceWorld& world_;
  std::function<void()> server_closed_;
  Stage stage_ = Stage::idle;
  Server server_;
  std::string_view command_;
  cellular::Lease lease_;
  std::unique_ptr<Connection> connection_;
  bool used_ = false;                   // has carried a response
  bool closed_untold_ = false;          // the server has ended it; told behind the result
  HttpError gone_ = HttpError::closed;  // why there is no connection
  std::size_t wanted_ = 0;              // bytes that may still arrive
  std::string request_;
  at::Duration patience_{};
  std::optional<codec::HttpResponse> response_;
  std::string body_;  // came, and nobody has read it; at most a head and a window
  std::shared_ptr<BodySink> sink_;
  at::Duration gap_{};
  at::Time earliest_{};
  at::Timer limit_;
  at::Timer pace_;
  Done done_;
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace data_services
