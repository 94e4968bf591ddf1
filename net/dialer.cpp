#include "net/dialer.hpp"

#include "net/connect_race.hpp"
#include "net/counted_stream.hpp"
#include "net/tapped_stream.hpp"
#include "net/tls_handshake.hpp"

#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

namespace net {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

Dialer::Failure failure_for(const error_code& error) {
  namespace failure = boost::asio::error;
  if (error == failure::address_in_use || error == failure::access_denied)
    return Dialer::Failure::local_port_taken;
  const bool refused = error == failure::connection_refused || error == failure::connection_reset ||
                       error == failure::connection_aborted;
  return refused ? Dialer::Failure::refused : Dialer::Failure::unreachable;
}

}  // namespace

// Handlers share it, because a connect under way needs its socket to the end.
class Dialer::Attempt final : public std::enable_shared_from_this<Attempt>,
                              private Activity::Source {
 public:
  Attempt(boost::asio::io_context& io, const DialerOptions& options, Target target, Events events)
      : Source(options.activity),
        io_(io),
        options_(options),
        target_(std::move(target)),
        events_(std::move(events)),
        limit_(io) {}

  void start(std::chrono::milliseconds limit) {
    if (limit > limit.zero()) {
      limit_.expires_after(limit);
      limit_.async_wait([self = shared_from_this()](error_code error) {
        if (!error) self->fail(Failure::timed_out, "no connection in time");
      });
    }
    if (target_.tls) {
      auto made = ssl_ctx::make_tls_context(target_.tls, options_.tls);
      if (auto* why = std::get_if<std::string>(&made)) return fail_later(std::move(*why));
      tls_ = std::move(std::get<ssl_ctx::TlsContext>(made));
    }
    if (target_.detour != 0)
      return resolved({}, {{boost::asio::ip::address_v4::loopback(), target_.detour}});
    name_ = options_.resolver->start(
        {target_.host, target_.port}, {target_.name_servers},
        [self = shared_from_this()](error_code error, const Resolver::Answer& found) {
          self->resolved(error, found.endpoints);
        });
  }

  void cancel() {
    over_ = true;
    activity().stir();
    limit_.cancel();
    name_.reset();
    if (race_) race_->cancel();
    if (handshake_) handshake_->cancel();
  }

 private:
  [[nodiscard]] bool under_way() override { return !over_; }

  void fail_later(std::string why) {
    boost::asio::post(io_, [self = shared_from_this(), detail = std::move(why)] {
      self->fail(Failure::tls_failed, detail);
    });
  }

  void resolved(const error_code& error, const Resolver::Endpoints& found) {
    if (over_) return;
    if (error) return fail(Failure::unresolved, error.message());
    const auto admitted = options_.resolver->egress().admitted(found);
    if (admitted.empty()) return fail(Failure::unreachable, "refused by --internet loopback");
    race_ = ConnectRace::start(io_, admitted, target_.local_port,
                               [self = shared_from_this()](error_code failure, tcp::socket socket) {
                                 self->connected(failure, std::move(socket));
                               });
  }

  void connected(const error_code& error, tcp::socket socket) {
    race_.reset();
    if (over_) return;
    if (error) return fail(failure_for(error), error.message());
    if (options_.tap) options_.tap->opened(ends_of(socket, target_.port), Tap::Direction::sent);
    if (!tls_) return finish(std::make_unique<TcpStream>(std::move(socket)));
    handshake_ = TlsHandshake::start(
        std::move(socket), tls_, {target_.host, target_.port, target_.tls}, options_,
        [self = shared_from_this()](std::unique_ptr<Stream> stream, const std::string& failure) {
          if (!stream) return self->fail(Failure::tls_failed, failure);
          self->finish(std::move(stream));
        });
    if (events_.negotiating) events_.negotiating();
  }

  void finish(std::unique_ptr<Stream> stream) {
    const auto self = shared_from_this();  // what held it is cancelled
    const auto established = std::move(events_.established);
    cancel();
    established(watched(std::move(stream), {tls_ != nullptr, target_.port, target_.cid}, options_));
  }

  void fail(Failure failure, const std::string& detail) {
    if (over_) return;
    const auto self = shared_from_this();
    const auto failed = std::move(events_.failed);
    cancel();
    failed(failure, detail);
  }

  boost::asio::io_context& io_;
  DialerOptions options_;
  Target target_;
  Events events_;
  boost::asio::steady_timer limit_;
  ssl_ctx::TlsContext tls_;
  std::unique_ptr<DnsQuestion> name_;  // asked at name servers
  std::shared_ptr<ConnectRace> race_;
  std::shared_ptr<TlsHandshake> handshake_;
  bool over_ = false;
};

Dialer::Dialer(boost::asio::io_context& io, DialerOptions options)
    : io_(io), options_(std::move(options)) {
  if (!options_.resolver) options_.resolver = std::make_shared<Resolver>(io);
}

void Dialer::dial(Target target, std::chrono::milliseconds limit, Events events) {
  cancel();
  // Not by make_shared, whose memory would stay until the next one.
  const std::shared_ptr<Attempt> attempt(
      new Attempt(io_, options_, std::move(target), std::move(events)));
  attempt_ = attempt;
  attempt->start(limit);
}

std::unique_ptr<Stream> Dialer::watched(std::unique_ptr<Stream> stream, const Watched& how,
                                        const DialerOptions& options) {
  using Shows = TappedStream::Shows;
  if (options.tap) {
    const auto ends = ends_of(stream->socket(), how.asked_port);
    stream = std::make_unique<TappedStream>(std::move(stream), options.tap, ends,
                                            how.is_tls ? Shows::end : Shows::bytes_and_end);
  }
  return std::make_unique<CountedStream>(std::move(stream), options.traffic, how.cid,
                                         options.activity);
}

void Dialer::cancel() {
  if (const auto attempt = std::exchange(attempt_, {}).lock()) attempt->cancel();
}

}  // namespace net
