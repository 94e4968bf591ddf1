#include "data_services/http/http_exchange.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace data_services {

using cellular::Knob;
using Step = cellular::Latency::Step;
using namespace std::chrono_literals;

HttpExchange::HttpExchange(const ServiceWorld& world, std::function<void()> server_closed)
    : world_(world),
      server_closed_(std::move(server_closed)),
      limit_(world.timeline),
      pace_(world.timeline) {}

/// Its last response is here to the end, and another request may follow (HTTP-52).
bool HttpExchange::is_free() const {
  return connection_ && stage_ == Stage::idle && response_ && response_->keeps_alive();
}

void HttpExchange::connect(const Server& server, std::string_view command, Done done) {
  if (!is_free() || server != server_) cut();
  done_ = std::move(done);
  stage_ = Stage::connecting;
  server_ = server;
  command_ = command;
  if (connection_) return pace_.start({}, [this] { established(); });
  reach();
}

void HttpExchange::reach() {
  used_ = false;
  earliest_ = world_.timeline.now() + world_.latency.draw(Step::open);
  // A handshake takes a round trip more.
  if (server_.ssl_ctx) earliest_ += world_.latency.draw(Step::answer);
  lease_ = world_.enter(server_.cid, [this] { bearer_lost(); });
  if (!lease_) return pace_.start({}, [this] { finish(HttpError::deactivated); });
  dial();
}

void HttpExchange::dial() {
  constexpr at::Duration longest_handshake = 60s;
  Endpoint endpoint{Protocol::tcp, server_.host, server_.port};
  endpoint.command = command_;
  endpoint.cid = lease_.cid();
  endpoint.name_servers = world_.bearer.chosen_name_servers(lease_.cid());
  at::Duration handshake_limit = longest_handshake;
  if (server_.ssl_ctx) {
    auto request = world_.tls_request(*server_.ssl_ctx);
    if (const auto* missing = std::get_if<std::string>(&request)) {
      world_.log.info(fmt::format("HTTP to {}: {}", server_.host, *missing));
      const auto error = error_of(OpenFailure::tls_failed);
      return pace_.start({}, [this, error] { finish(error); });
    }
    endpoint.tls =
        std::make_shared<ssl_ctx::TlsRequest>(std::get<ssl_ctx::TlsRequest>(std::move(request)));
    handshake_limit = std::min<at::Duration>(
        longest_handshake, std::chrono::seconds(endpoint.tls->settings.negotiatetime));
  }
  limit_.start(std::chrono::seconds(world_.knobs.get(Knob::connect_limit_http)),
               [this] { finish(HttpError::connect); });
  connection_ = world_.transport.connect(endpoint, events(handshake_limit));
}

Connection::Events HttpExchange::events(at::Duration handshake_limit) {
  Connection::Events events;
  events.negotiating = [this, handshake_limit] {
    limit_.start(handshake_limit, [this] { finish(error_of(OpenFailure::tls_failed)); });
  };
  events.opened = [this](const Ends&) {
    limit_.stop();
    pace_.start(std::max(earliest_ - world_.timeline.now(), at::Duration::zero()),
                [this] { established(); });
  };
  events.failed = [this](OpenFailure failure) { finish(error_of(failure)); };
  events.arrived = [this](const Arrival& arrival) { arrived(arrival.bytes); };
  events.ended = [this](Ending ending) {
    // A body without a length is whole where the server finishes, not where it is cut off.
    if (ending == Ending::finished && response_) response_->peer_ended();
    ended();
  };
  events.closed = [] {};
  return events;
}

HttpError HttpExchange::error_of(OpenFailure failure) const {
  if (failure == OpenFailure::unresolved && world_.knobs.get(Knob::http_dns_error) == 0)
    return HttpError::dns;
  if (failure == OpenFailure::tls_failed && world_.knobs.is_set(Knob::https_handshake_error))
    return HttpError::handshake;
  return HttpError::connect;
}

void HttpExchange::established() {
  // The end of a connection is seen by who reads.
  want(1);
  if (stage_ == Stage::asking) return send();
  response_.reset();
  body_.clear();
  finish(HttpError::none);
}

void HttpExchange::ask(std::string request, at::Duration patience, Done done) {
  request_ = std::move(request);
  patience_ = patience;
  done_ = std::move(done);
  stage_ = Stage::asking;
  if (!connection_) return pace_.start({}, [this] { finish(gone_); });
  send();
}

void HttpExchange::send() {
  response_.emplace(request_.starts_with("HEAD "));
  earliest_ = world_.timeline.now() + world_.latency.draw(Step::answer);
  limit_.start(patience_, [this] { finish(HttpError::response_timeout); });
  connection_->send(request_, {});
  connection_->await(true);
  want(window);
}

void HttpExchange::want(std::size_t bytes) {
  if (!connection_ || wanted_ >= bytes) return;
  const auto more = bytes - std::exchange(wanted_, bytes);
  connection_->want(more);
}

void HttpExchange::arrived(const std::string& bytes) {
  wanted_ -= std::min(wanted_, bytes.size());
  if (!response_) return disconnect(HttpError::response);  // it speaks before it is asked
  const bool had_head = has_head();
  body_ += response_->take(bytes);
  if (stage_ == Stage::reading) return flow();
  if (stage_ != Stage::asking || had_head) return;
  if (response_->is_malformed()) return finish(HttpError::response);
  if (has_head()) return answered();
  want(window);
}

void HttpExchange::answered() {
  used_ = true;
  request_ = {};
  limit_.stop();
  connection_->await(false);
  pace_.start(std::max(earliest_ - world_.timeline.now(), at::Duration::zero()),
              [this] { finish(HttpError::none); });
}

/// The server may have closed before the request came there, or have done what it asks for
/// (RFC 9112, 9.3.1).
bool HttpExchange::may_repeat() const {
  constexpr std::array<std::string_view, 3> idempotent{"GET ", "HEAD ", "PUT "};
  return used_ && !response_->has_begun() &&
         std::any_of(idempotent.begin(), idempotent.end(),
                     [this](std::string_view method) { return request_.starts_with(method); });
}

void HttpExchange::ended() {
  disconnect(HttpError::closed);
  closed_untold_ = true;
  switch (stage_) {
    case Stage::idle:
      return tell_closed();
    case Stage::connecting:
      return used_ ? reach_again() : finish(gone_);
    case Stage::asking:
      if (has_head()) return;
      return may_repeat() ? reach_again() : finish(gone_);
    case Stage::reading:
      return flow();
  }
}

void HttpExchange::reach_again() {
  tell_closed();
  reach();
}

void HttpExchange::tell_closed() {
  if (std::exchange(closed_untold_, false)) server_closed_();
}

void HttpExchange::bearer_lost() {
  disconnect(HttpError::deactivated);
  if (stage_ == Stage::reading) return flow();
  if (stage_ == Stage::connecting || (stage_ == Stage::asking && !has_head())) finish(gone_);
}

void HttpExchange::disconnect(HttpError why) {
  gone_ = why;
  wanted_ = 0;
  connection_.reset();
  lease_.end();
}

void HttpExchange::read(std::shared_ptr<BodySink> sink, bool with_head, at::Duration gap,
                        Done done) {
  if (with_head) body_.insert(0, head().text);
  sink_ = std::move(sink);
  gap_ = gap;
  done_ = std::move(done);
  stage_ = Stage::reading;
  pace_.start({}, [this] { flow(); });
}

void HttpExchange::go_on() {
  if (stage_ == Stage::reading) flow();
}

void HttpExchange::flow() {
  const auto sink = sink_;
  while (!body_.empty()) {
    const auto taken = body_.substr(0, sink->room());
    if (taken.empty()) return pause();
    body_.erase(0, taken.size());
    sink->take(taken);
    if (stage_ != Stage::reading) return;
  }
  if (response_->is_complete()) return finish(HttpError::none);
  if (response_->is_malformed()) return finish(HttpError::decode);
  if (!connection_) return finish(gone_);
  limit_.start(gap_, [this] { finish(HttpError::read_timeout); });
  connection_->await(true);
  want(window);
}

/// The reader has no room: the server is not to blame for the time that takes.
void HttpExchange::pause() {
  limit_.stop();
  if (connection_) connection_->await(false);
}

void HttpExchange::finish(HttpError error) {
  limit_.stop();
  pace_.stop();
  sink_.reset();
  stage_ = Stage::idle;
  const auto done = std::exchange(done_, nullptr);
  // reading: a server that says it will close has closed, behind the result that it belongs to
  const bool closes =
      connection_ && response_ && response_->is_complete() && !response_->keeps_alive();
  const bool untold = closed_untold_ || (error == HttpError::none && closes);
  if (error != HttpError::none)
    cut();
  else if (closes)
    disconnect(HttpError::closed);
  else if (connection_)
    connection_->await(false);
  want(1);
  closed_untold_ = untold;
  const std::weak_ptr life(life_);
  if (done) done(error);
  // Where it goes on with the body, or with another server, that comes first.
  if (!life.expired() && stage_ == Stage::idle) tell_closed();
}

void HttpExchange::cut() {
  limit_.stop();
  pace_.stop();
  closed_untold_ = false;
  done_ = nullptr;
  sink_.reset();
  stage_ = Stage::idle;
  request_ = {};
  response_.reset();
  body_.clear();
  disconnect(HttpError::closed);
}

}  // namespace data_services
