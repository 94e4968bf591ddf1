#include "mqtt_backend/client.hpp"

#include "mqtt_backend/credentials.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace mqtt_backend {
namespace {

using namespace std::chrono_literals;

constexpr at::Duration open_limit = 120s;       // note 3.3.2
constexpr at::Duration disconnect_limit = 30s;  // note 3.3.5
constexpr at::Duration before_deadline = 1ms;
constexpr std::int64_t token_lifetime_s = 30 * 24 * 3600;

}  // namespace

Client::Client(int client_idx, ClientWorld& world, Link& link)
    : client_idx_(client_idx),
      world_(world),
      link_(link),
      tracepoint_(world.timeline, world.observer, client_idx),
      limit_(tracepoint_, TimerName::open),
      held_timer_(world.timeline),
      t2_(tracepoint_, TimerName::t2),
      pingresp_(tracepoint_, TimerName::qmtping) {
  link_.listen([this](LinkEvent event) { on(std::move(event)); });
  if (!tracepoint_.watched()) return;
  link_.watch([this](Direction direction, const PacketHeader& packet) {
    tracepoint_.tell(event::PacketPassed{direction, packet});
  });
}

bool Client::configurable() const {
  return state_ == State::idle || state_ == State::opening || state_ == State::open ||
         state_ == State::closing;
}

bool Client::established() const {
  return state_ == State::open || state_ == State::connecting || state_ == State::connected ||
         state_ == State::disconnecting;
}

void Client::open(at::Asker asker, std::string host, std::uint16_t port) {
  const auto delay = world_.latency.draw(cellular::Latency::Step::open);
  if (state_ != State::idle) {
    const auto say = [this, asker] { answer(asker, "+QMTOPEN", result_occupied); };
    if (delay == at::Duration::zero()) return say();
    world_.timeline.after(delay, at::while_holds(ground_.claim(), say));
    return;
  }
  asker_ = asker;
  endpoint_ = {std::move(host), port, nullptr};
  security_ = {};
  enter(State::opening, "AT+QMTOPEN");
  not_before_ = world_.timeline.now() + delay;
  no_later_ = world_.timeline.now() + open_limit - before_deadline;
  limit_.start(TimerName::open, open_limit, [this] {
    link_.close();
    constexpr std::string_view why = "no answer within 120 s";
    log_info(std::string(why));
    finish_open(world_.knobs.get(cellular::Knob::open_unreachable), why);
  });
  lease_ = world_.bearer.lease(config_.pdpcid, [this] { bearer_lost(); });
  if (!lease_)
    return open_in_vain(delay, cellular::Knob::open_no_pdp,
                        fmt::format("PDP context {} cannot be activated", config_.pdpcid));
  endpoint_.cid = lease_.cid();
  endpoint_.name_servers = world_.bearer.chosen_name_servers(lease_.cid());
  if (config_.ssl) {
    auto tls = world_.tls(*config_.ssl_ctx);
    if (const auto* why = std::get_if<std::string>(&tls))
      return open_in_vain(delay, cellular::Knob::open_tls_failed, *why);
    endpoint_.tls =
        std::make_shared<ssl_ctx::TlsRequest>(std::move(std::get<ssl_ctx::TlsRequest>(tls)));
  }
  tracepoint_.tell(event::LinkOpening{endpoint_.host, endpoint_.port, config_.ssl});
  link_.open(endpoint_);
}

/// What cannot be begun still takes its time to say so.
void Client::open_in_vain(at::Duration delay, cellular::Knob result, const std::string& why) {
  log_info(why);
  limit_.start(std::min(delay, open_limit),
               [this, result, why] { finish_open(world_.knobs.get(result), why); });
}

bool Client::close(at::Asker asker) {
  if (state_ == State::idle || state_ == State::closing || state_ == State::disconnecting)
    return false;
  asker_ = asker;
  link_.close();
  enter(State::closing, "AT+QMTCLOSE");
  limit_.start(TimerName::close,
               std::min(world_.latency.draw(cellular::Latency::Step::answer), disconnect_limit),
               [this] { finish_close(0); });
  return true;
}

bool Client::connect(at::Asker asker, const Credentials& credentials) {
  if (state_ != State::open) return false;
  const auto request = connect_request(credentials);
  asker_ = asker;
  enter(State::connecting, "AT+QMTCONN");
  not_before_ = world_.timeline.now() + world_.latency.draw(cellular::Latency::Step::connect);
  no_later_ = world_.timeline.now() + policy().whole_wait() - before_deadline;
  connecting_ = std::make_unique<Exchange>(
      tracepoint_, 0, policy(),
      Exchange::Hooks{[this](int n) {
                        if (config_.timeout_notice)
                          answer(asker_, "+QMTCONN", static_cast<int>(Result::retransmission), n);
                      },
                      [this] { connect_unanswered(); }});
  connecting_->start();
  link_.connect(request);
  return true;
}

void Client::connect_unanswered() {
  if (link_.delivered())
    connect_failed(Stat::connack_failed,
                   fmt::format("CONNECT unanswered for {} s", whole_wait_s()));
  else
    connect_failed(Stat::connect_failed, "CONNECT does not reach the peer");
}

bool Client::disconnect(at::Asker asker) {
  if (state_ != State::open && state_ != State::connecting && state_ != State::connected)
    return false;
  const bool session = state_ == State::connected;
  asker_ = asker;
  enter(State::disconnecting, "AT+QMTDISC");
  ends_session_ = session;
  not_before_ = world_.timeline.now() + world_.latency.draw(cellular::Latency::Step::answer);
  no_later_ = world_.timeline.now() + disconnect_limit - before_deadline;
  limit_.start(TimerName::disconnect, disconnect_limit, [this] {
    link_.close();
    finish_disconnect(result_failed);
  });
  link_.disconnect();
  return true;
}

/// Of a packet with an id; `qos` of a PUBLISH.
std::optional<Refusal> Client::refuse_exchange(int msg_id, int qos) const {
  const auto refuse = [&](Refusal why) {
    tracepoint_.tell(event::ExchangeRefused{why, msg_id});
    return why;
  };
  if (state_ != State::connected) return refuse(Refusal::not_connected);
  const auto exchanges = std::count_if(operations_.begin(), operations_.end(),
                                       [](const auto& op) { return op.has_id; });
  if (static_cast<std::size_t>(exchanges) >= max_exchanges) return refuse(Refusal::too_many);
  const auto has_this = [&](const auto& op) { return op.has_id && op.msg_id == msg_id; };
  if (msg_id != 0 && std::any_of(operations_.begin(), operations_.end(), has_this))
    return refuse(Refusal::id_under_way);
  if (window_is_full(qos)) return refuse(Refusal::window_full);
  return std::nullopt;
}

bool Client::window_is_full(int qos) const { return qos > 0 && publishes_under_way() >= window; }

std::optional<Refusal> Client::subscribe(at::Asker asker, int msg_id,
                                         const std::vector<TopicFilter>& filters) {
  if (const auto refusal = refuse_exchange(msg_id)) return refusal;
  Operation operation;
  operation.kind = Operation::Kind::subscribe;
  operation.asker = asker;
  operation.ticket = link_.subscribe(static_cast<std::uint16_t>(msg_id), filters);
  operation.urc = "+QMTSUB";
  operation.msg_id = msg_id;
  begin(std::move(operation));
  return std::nullopt;
}

std::optional<Refusal> Client::unsubscribe(at::Asker asker, int msg_id,
                                           const std::vector<std::string>& topics) {
  if (const auto refusal = refuse_exchange(msg_id)) return refusal;
  Operation operation;
  operation.kind = Operation::Kind::unsubscribe;
  operation.asker = asker;
  operation.ticket = link_.unsubscribe(static_cast<std::uint16_t>(msg_id), topics);
  operation.urc = "+QMTUNS";
  operation.msg_id = msg_id;
  operation.topics = topics.size();
  begin(std::move(operation));
  return std::nullopt;
}

std::size_t Client::publishes_under_way() const {
  return static_cast<std::size_t>(std::count_if(operations_.begin(), operations_.end(),
                                                [](const auto& op) { return op.qos > 0; }));
}

std::optional<Refusal> Client::refuse_publish(int msg_id, int qos) const {
  if (qos > 0 || state_ != State::connected) return refuse_exchange(msg_id, qos);
  std::size_t unwritten = 0;
  std::size_t untold = 0;
  for (const auto& op : operations_) {
    if (op.has_id) continue;
    ++untold;
    if (!op.answered) ++unwritten;
  }
  if (unwritten < max_unwritten && untold < max_untold) return std::nullopt;
  tracepoint_.tell(event::ExchangeRefused{Refusal::too_many, msg_id});
  return Refusal::too_many;
}

std::optional<Refusal> Client::publish(at::Asker asker, std::string_view urc,
                                       PublishRequest request) {
  // Asked before the prompt already; but since then the link may have gone, and another channel may
  // have taken the msgID or the window.
  if (const auto refusal = refuse_publish(request.msg_id, request.qos)) return refusal;
  Operation operation;
  operation.kind = Operation::Kind::publish;
  operation.asker = asker;
  operation.urc = urc;
  operation.msg_id = request.msg_id;
  operation.qos = request.qos;
  operation.has_id = request.qos > 0;
  operation.ticket = link_.publish(std::move(request));
  begin(std::move(operation));
  return std::nullopt;
}

void Client::begin(Operation operation) {
  const auto ticket = operation.ticket;
  const auto now = world_.timeline.now();
  const bool resends = operation.has_id;
  operation.not_before = now + world_.latency.draw(cellular::Latency::Step::answer);
  operation.no_later = now + policy().whole_wait() - before_deadline;
  operation.exchange = std::make_unique<Exchange>(
      tracepoint_, operation.msg_id, policy(),
      Exchange::Hooks{[this, ticket, resends](int n) { retransmit(ticket, resends, n); },
                      [this, ticket] { gave_up(ticket); }});
  operation.exchange->start();
  operations_.push_back(std::move(operation));
}

void Client::retransmit(Ticket ticket, bool resends, int n) {
  if (!resends) return;
  link_.resend(ticket);
  const auto op = find(ticket);
  if (config_.timeout_notice)
    answer(op->asker, op->urc, op->msg_id, static_cast<int>(Result::retransmission), n);
}

void Client::gave_up(Ticket ticket) {
  flush_held();
  const auto op = find(ticket);
  answer(op->asker, op->urc, op->msg_id, static_cast<int>(Result::failed));
  go_down(Stat::sending_failed,
          fmt::format("{} with msgID {} unanswered for {} s", op->urc, op->msg_id, whole_wait_s()));
}

std::vector<Client::Operation>::iterator Client::find(Ticket ticket) {
  return std::find_if(operations_.begin(), operations_.end(),
                      [&](const auto& op) { return op.ticket == ticket; });
}

Exchange::Policy Client::policy() const {
  return {std::chrono::seconds(config_.pkt_timeout), config_.retry_times};
}

ConnectRequest Client::connect_request(const Credentials& credentials) const {
  ConnectRequest request;
  request.version = config_.version;
  request.clean_session = config_.clean_session;
  if (config_.keepalive > 0)
    request.keepalive = static_cast<std::uint16_t>(
        std::clamp(std::ceil(config_.keepalive / world_.time_scale()), 1.0, 65535.0));
  request.client_id = credentials.client_id;
  const bool signs_in = !credentials.password.empty();
  if (signs_in) request.password = credentials.password;
  if (credentials.username && (signs_in || !credentials.username->empty()))
    request.username = credentials.username;
  if (config_.will.wanted) request.will = config_.will.will;
  if (!request.username) sign_in(request);
  return request;
}

void Client::sign_in(ConnectRequest& request) const {
  SignIn derived;
  if (!config_.aliauth.product_key.empty())
    derived = aliauth_sign_in(config_.aliauth, request.client_id, endpoint_.tls != nullptr,
                              world_.unix_ms());
  else if (!config_.onenet.product_id.empty())
    derived = onenet_sign_in(config_.onenet, request.client_id,
                             world_.unix_ms() / 1000 + token_lifetime_s);
  else
    return;
  request.client_id = std::move(derived.client_id);
  request.username = std::move(derived.username);
  request.password = std::move(derived.password);
}

void Client::go_down(Stat stat, const std::string& why) {
  link_.close();
  log_info(fmt::format("at {}: {} -> {}+QMTSTAT {}", clock(), why,
                       stat == Stat::pingreq_failed ? "+QMTPING, " : "", static_cast<int>(stat)));
  enter(State::idle, why);
  say("+QMTSTAT", static_cast<int>(stat));
}

/// The only place where the state changes. What belongs to the one that is left ends with it.
void Client::enter(State state, std::string_view why) {
  if (state_ == state) return;
  limit_.stop();
  connecting_.reset();
  if (state == State::idle || state == State::disconnecting || state == State::closing)
    end_everything();
  world_.log.debug(
      fmt::format("client {}: {} -> {} ({})", client_idx_, name_of(state_), name_of(state), why));
  const auto from = std::exchange(state_, state);
  tracepoint_.tell(event::StateChanged{from, state, why});
}

/// Of the link and the session over it.
void Client::end_everything() {
  operations_.clear();
  held_.clear();
  held_timer_.stop();
  apply_back_pressure();
  session_established_ = false;
  t2_.stop();
  pingresp_.stop();
  inbox_.clear();
  lease_.end();
}

void Client::reset() {
  ground_.revoke();
  link_.close();
  enter(State::idle, "the module stops");
  config_ = {};
}

void Client::start_t2() {
  if (config_.keepalive == 0) return;
  const auto due = last_sent_ + std::chrono::seconds(config_.keepalive);
  t2_.start(due - world_.timeline.now(), [this] { ping(); });
}

// reading: each keepalive sends a PINGREQ, also while one is unanswered; the first one counts
void Client::ping() {
  if (!pingresp_.running()) await_pong(clock());
  link_.ping();
}

void Client::await_pong(const std::string& asked_at) {
  pingresp_.start(std::chrono::seconds(config_.qmtping), [this, asked_at] {
    // It may be among what the link was told not to read.
    if (link_waits_) return await_pong(asked_at);
    ping_unanswered(fmt::format("PINGREQ at {} unanswered for {} s", asked_at, config_.qmtping));
  });
}

void Client::ping_unanswered(const std::string& why) {
  flush_held();
  say("+QMTPING", 1);
  if (state_ == State::connecting)
    connect_failed(Stat::pingreq_failed, why);
  else
    go_down(Stat::pingreq_failed, why);
}

std::int64_t Client::whole_wait_s() const {
  return std::chrono::duration_cast<std::chrono::seconds>(policy().whole_wait()).count();
}

/// The modem's time since start, for the log.
std::string Client::clock() const {
  const std::chrono::duration<double> now = world_.timeline.now().time_since_epoch();
  return fmt::format("{:.3f} s", now.count());
}

void Client::log_info(const std::string& text) const {
  world_.log.info(fmt::format("client {}: {}", client_idx_, text));
}

}  // namespace mqtt_backend
