#include "data_services/link/net_connection.hpp"

#include "kernel/tcp.hpp"
#include "net/tapped_stream.hpp"
#include "net/tls_handshake.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

namespace data_services {

using boost::system::error_code;

namespace {

OpenFailure failure_of(net::Dialer::Failure failure) {
  switch (failure) {
    case net::Dialer::Failure::unresolved:
      return OpenFailure::unresolved;
    case net::Dialer::Failure::local_port_taken:
      return OpenFailure::local_port_taken;
    case net::Dialer::Failure::refused:
      return OpenFailure::refused;
    case net::Dialer::Failure::tls_failed:
      return OpenFailure::tls_failed;
    case net::Dialer::Failure::unreachable:
    case net::Dialer::Failure::timed_out:
      break;
  }
  return OpenFailure::unreachable;
}

void prepare(boost::asio::ip::tcp::socket& socket, const Endpoint& endpoint) {
  error_code ignored;
  socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  const int handle = socket.native_handle();
  if (endpoint.give_up_after_s > 0) kernel::give_up_after(handle, endpoint.give_up_after_s);
  if (const auto& wanted = endpoint.keep_alive)
    kernel::keep_alive(handle, {wanted->idle_s, wanted->interval_s, wanted->probes});
}

}  // namespace

// Handlers under way share it; once cut, they come to nothing.
class NetConnection::Line final : public std::enable_shared_from_this<Line>,
                                  private net::Activity::Source {
 public:
  static constexpr std::size_t read_buffer = 4096;  // bytes
  static constexpr std::chrono::milliseconds first_look{1};
  static constexpr std::chrono::milliseconds last_look{64};

  Line(boost::asio::io_context& io, const net::DialerOptions& options, const Endpoint& endpoint,
       Events events)
      : Source(options.activity),
        options_(options),
        dialer_(io, options),
        endpoint_(endpoint),
        events_(std::move(events)),
        looking_(io) {}

  void dial() {
    net::Dialer::Events events;
    events.negotiating = [this] { events_.negotiating(); };
    events.established = [this](std::unique_ptr<net::Stream> stream) {
      established(std::move(stream));
    };
    events.failed = [this](net::Dialer::Failure failure, const std::string& detail) {
      spdlog::info("socket to {}:{} failed: {}", endpoint_.host, endpoint_.port, detail);
      events_.failed(failure_of(failure));
    };
    net::Dialer::Target target{endpoint_.host, endpoint_.port, endpoint_.tls};
    target.local_port = endpoint_.local_port;
    target.name_servers = endpoint_.name_servers;
    target.detour = endpoint_.detour;
    target.cid = endpoint_.cid;
    // The limit is the service's, in its own time.
    dialer_.dial(std::move(target), {}, std::move(events));
  }

  void adopt(std::unique_ptr<net::Stream> stream) {
    stream_ = std::move(stream);
    prepare(stream_->socket(), endpoint_);
  }

  void cut() {
    over_ = true;
    dialer_.cancel();
    if (handshake_) handshake_->cancel();
    looking_.cancel();
    activity().stir();
    if (!stream_) return;
    error_code ignored;
    stream_->socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
    stream_->socket().close(ignored);
  }

  void want(std::size_t bytes) {
    wanted_ += bytes;
    read_more();
  }

  void send(std::string bytes) {
    if (lost_) return;
    waiting_ += bytes;
    write_more();
  }

  [[nodiscard]] std::size_t unsent() const { return waiting_.size() + writing_.size(); }

  [[nodiscard]] std::size_t unacknowledged() const {
    if (!stream_) return 0;
    return unsent() + kernel::unacknowledged_bytes(handle()).value_or(0);
  }

  void await(bool answer) {
    if (std::exchange(awaits_, answer) != answer) activity().stir();
  }

  /// The read under way would take what belongs to TLS.
  void start_tls(std::shared_ptr<const ssl_ctx::TlsRequest> tls, const std::string& server_name) {
    server_ = {server_name, endpoint_.port, std::move(tls)};
    securing_ = true;
    error_code ignored;
    if (reading_) return static_cast<void>(stream_->socket().cancel(ignored));
    boost::asio::post(stream_->socket().get_executor(),
                      [self = shared_from_this()] { self->shake_hands(); });
  }

  void close() {
    closing_ = true;
    end_behind_data();
  }

 private:
  [[nodiscard]] bool under_way() override {
    return !over_ && (closing_ || securing_ || !writing_.empty() || (awaits_ && !ended_));
  }

  // The kernel is asked for what Asio's const socket does not tell.
  [[nodiscard]] int handle() const { return stream_->socket().native_handle(); }

  void established(std::unique_ptr<net::Stream> stream) {
    adopt(std::move(stream));
    error_code unknown;
    const auto peer = stream_->socket().remote_endpoint(unknown);
    const auto here = stream_->socket().local_endpoint(unknown);
    events_.opened({peer.address().to_string(), here.port(), here.address().to_string()});
  }

  void read_more() {
    if (over_ || reading_ || securing_ || ended_ || !stream_ || wanted_ == 0) return;
    reading_ = true;
    const auto size = std::min(wanted_, buffer_.size());
    stream_->read_some(boost::asio::buffer(buffer_.data(), size),
                       [self = shared_from_this()](error_code error, std::size_t got) {
                         self->has_read(error, got);
                       });
  }

  void has_read(const error_code& error, std::size_t got) {
    reading_ = false;
    if (over_) return;
    if (securing_) return got == 0 ? shake_hands() : no_tls("the server speaks before TLS begins");
    wanted_ -= got;
    if (got > 0) events_.arrived({std::string(buffer_.data(), got)});
    if (over_) return;
    if (error) return has_ended(error);
    read_more();
  }

  void shake_hands() {
    if (over_) return;
    auto made = ssl_ctx::make_tls_context(server_.tls, options_.tls);
    if (const auto* why = std::get_if<std::string>(&made)) return no_tls(*why);
    handshake_ = net::TlsHandshake::start(
        stream_->release(), std::get<ssl_ctx::TlsContext>(std::move(made)), server_, options_,
        [self = shared_from_this()](std::unique_ptr<net::Stream> stream,
                                    const std::string& failure) {
          if (!stream) return self->no_tls(failure);
          self->secured(std::move(stream));
        });
  }

  void secured(std::unique_ptr<net::Stream> stream) {
    handshake_.reset();
    securing_ = false;
    stream_ =
        net::Dialer::watched(std::move(stream), {true, server_.port, endpoint_.cid}, options_);
    activity().stir();
    events_.secured();
    read_more();
  }

  void no_tls(const std::string& why) {
    spdlog::info("TLS to {}:{} failed: {}", server_.name, server_.port, why);
    securing_ = false;
    activity().stir();
    events_.failed(OpenFailure::tls_failed);
  }

  void write_more() {
    if (over_ || !writing_.empty() || waiting_.empty() || !stream_) return;
    writing_ = std::exchange(waiting_, {});
    stream_->write(boost::asio::buffer(writing_),
                   [self = shared_from_this()](error_code error, std::size_t) {
                     self->writing_.clear();
                     if (self->over_) return;
                     if (error) return self->lost();
                     self->write_more();
                     self->end_behind_data();
                     if (self->unsent() == 0 && self->events_.sent) self->events_.sent();
                   });
  }

  void has_ended(const error_code& error) {
    const bool finished =
        error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated;
    if (!finished) return lost();
    ended_ = true;
    watch_for_reset();
    events_.ended(Ending::finished);
  }

  /// Nobody reads any more, who would see it.
  void watch_for_reset() {
    stream_->socket().async_wait(boost::asio::socket_base::wait_error,
                                 [self = shared_from_this()](error_code error) {
                                   if (error || self->over_ || self->shut_down_) return;
                                   if (kernel::end_is_acknowledged(self->handle())) self->lost();
                                 });
  }

  void lost() {
    ended_ = true;
    waiting_.clear();
    if (!std::exchange(lost_, true)) events_.ended(Ending::reset);
    if (!over_) end_behind_data();
  }

  void end_behind_data() {
    if (!closing_ || shut_down_ || !stream_ || !writing_.empty() || !waiting_.empty()) return;
    shut_down_ = true;
    stream_->shut_down();
    look(first_look);
  }

  /// No event tells that a FIN is acknowledged.
  void look(std::chrono::milliseconds pause) {
    looking_.expires_after(pause);
    looking_.async_wait([self = shared_from_this(), pause](error_code) {
      if (self->over_) return;
      if (!kernel::end_is_acknowledged(self->handle()))
        return self->look(std::min(pause * 2, last_look));
      self->closing_ = false;
      self->activity().stir();
      self->events_.closed();
    });
  }

  net::DialerOptions options_;
  net::Dialer dialer_;
  Endpoint endpoint_;
  Events events_;
  boost::asio::steady_timer looking_;
  std::unique_ptr<net::Stream> stream_;
  net::TlsHandshake::Server server_{};  // of start_tls()
  std::shared_ptr<net::TlsHandshake> handshake_;
  bool securing_ = false;
  std::array<char, read_buffer> buffer_{};
  std::string waiting_;
  std::string writing_;
  std::size_t wanted_ = 0;
  bool reading_ = false;
  bool ended_ = false;  // nothing more arrives
  bool lost_ = false;
  bool awaits_ = false;
  bool closing_ = false;
  bool shut_down_ = false;
  bool over_ = false;
};

NetConnection::NetConnection(boost::asio::io_context& io, const net::DialerOptions& options,
                             const Endpoint& endpoint, Events events)
    : line_(std::make_shared<Line>(io, options, endpoint, std::move(events))) {
  line_->dial();
}

NetConnection::NetConnection(boost::asio::io_context& io, const net::DialerOptions& options,
                             boost::asio::ip::tcp::socket socket, int cid, Events events)
    : line_(std::make_shared<Line>(io, options, Endpoint{.cid = cid}, std::move(events))) {
  if (options.tap) options.tap->opened(net::ends_of(socket, 0), net::Tap::Direction::received);
  line_->adopt(net::Dialer::watched(std::make_unique<net::TcpStream>(std::move(socket)),
                                    {.cid = cid}, options));
}

NetConnection::~NetConnection() { line_->cut(); }

void NetConnection::want(std::size_t bytes) { line_->want(bytes); }
void NetConnection::send(std::string bytes, const Origin&) { line_->send(std::move(bytes)); }
std::size_t NetConnection::unsent() const { return line_->unsent(); }
std::size_t NetConnection::unacknowledged() const { return line_->unacknowledged(); }
void NetConnection::await(bool answer) { line_->await(answer); }
void NetConnection::start_tls(std::shared_ptr<const ssl_ctx::TlsRequest> tls,
                              const std::string& server_name) {
  line_->start_tls(std::move(tls), server_name);
}
void NetConnection::close() { line_->close(); }

}  // namespace data_services
