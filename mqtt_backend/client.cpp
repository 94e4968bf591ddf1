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
constexpr int result_occupied = 2;
constexpr int result_failed = -1;

std::string_view name_of(Client::State state) {
  switch (state) {
    case Client::State::idle:
      return "idle";
    case Client::State::opening:
      return "opening";
    case Client::State::open:
      return "open";
    case Client::State::connecting:
      return "connecting";
    case Client::State::connected:
      return "connected";
    case Client::State::disconnecting:
      return "disconnecting";
    case Client::State::closing:
      return "closing";
  }
  return {};
}

Stat stat_of(DownReason reason) {
  switch (reason) {
    case DownReason::peer_closed:
      return Stat::closed_by_peer;
    case DownReason::unreachable:
      return Stat::link_not_alive;
    case DownReason::connect_unsent:
      return Stat::connect_failed;
    case DownReason::ping_unsent:
      return Stat::pingreq_failed;
    case DownReason::protocol_error:
    case DownReason::internal:
      break;
  }
  return Stat::closed_by_client;
}

std::string upper_hex(std::string_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) text += fmt::format("{:02X}", static_cast<unsigned char>(c));
  return text;
}

}  // namespace

Client::Client(int client_idx, ClientWorld& world, Link& link)
    : client_idx_(client_idx),
      world_(world),
      link_(link),
      limit_(world.timeline),
      held_timer_(world.timeline),
      t2_(world.timeline),
      pingresp_(world.timeline) {
  link_.listen([this](LinkEvent event) { on(std::move(event)); });
}

bool Client::configurable() const {
  return state_ == State::idle || state_ == State::opening || state_ == State::open ||
         state_ == State::closing;
}

bool Client::stands() const {
  return state_ == State::open || state_ == State::connecting || state_ == State::connected ||
         state_ == State::disconnecting;
}

void Client::open(std::string host, std::uint16_t port) {
  const auto delay = world_.latency.draw(Latency::Step::open);
  if (state_ != State::idle) {
    say_later(delay, fmt::format("+QMTOPEN: {},{}", client_idx_, result_occupied));
    return;
  }
  endpoint_ = {std::move(host), port, config_.ssl ? config_.ssl_ctx : std::nullopt};
  enter(State::opening);
  not_before_ = world_.timeline.now() + delay;
  no_later_ = world_.timeline.now() + open_limit - before_deadline;
  limit_.start(open_limit, [this] {
    link_.close();
    log_info("no answer within 120 s");
    finish_open(world_.knobs.get(Knob::open_unreachable));
  });
  if (world_.bearer.available(config_.pdpcid)) {
    link_.open(endpoint_);
    return;
  }
  log_info(fmt::format("PDP context {} cannot be activated", config_.pdpcid));
  limit_.start(std::min(delay, open_limit),
               [this] { finish_open(world_.knobs.get(Knob::open_no_pdp)); });
}

bool Client::close() {
  if (state_ == State::idle || state_ == State::closing || state_ == State::disconnecting)
    return false;
  link_.close();
  to_idle();
  enter(State::closing);
  limit_.start(std::min(world_.latency.draw(Latency::Step::answer), disconnect_limit),
               [this] { finish_close(0); });
  return true;
}

bool Client::connect(std::string client_id, std::string username, std::string password) {
  if (state_ != State::open) return false;
  const auto request =
      connect_request(std::move(client_id), std::move(username), std::move(password));
  enter(State::connecting);
  not_before_ = world_.timeline.now() + world_.latency.draw(Latency::Step::connect);
  no_later_ = world_.timeline.now() + policy().whole_wait() - before_deadline;
  connecting_ = std::make_unique<Exchange>(
      world_.timeline, policy(),
      Exchange::Hooks{[this](int n) {
                        if (config_.timeout_notice)
                          say("+QMTCONN", static_cast<int>(Result::retransmission), n);
                      },
                      [this] { connect_failed(Stat::connack_failed, "no CONNACK"); }});
  connecting_->start();
  link_.connect(request);
  return true;
}

bool Client::disconnect() {
  if (state_ != State::open && state_ != State::connecting && state_ != State::connected)
    return false;
  to_idle();
  enter(State::disconnecting);
  not_before_ = world_.timeline.now() + world_.latency.draw(Latency::Step::answer);
  no_later_ = world_.timeline.now() + disconnect_limit - before_deadline;
  limit_.start(disconnect_limit, [this] {
    link_.close();
    finish_disconnect(result_failed);
  });
  link_.disconnect();
  return true;
}

bool Client::free_for(int msg_id) const {
  if (state_ != State::connected) return false;
  const auto exchanges = std::count_if(operations_.begin(), operations_.end(),
                                       [](const auto& op) { return op.has_id; });
  if (static_cast<std::size_t>(exchanges) >= max_exchanges) return false;
  return msg_id == 0 || std::none_of(operations_.begin(), operations_.end(), [&](const auto& op) {
           return op.has_id && op.msg_id == msg_id;
         });
}

bool Client::subscribe(int msg_id, const std::vector<TopicFilter>& filters) {
  if (!free_for(msg_id)) return false;
  Operation operation;
  operation.ticket = link_.subscribe(static_cast<std::uint16_t>(msg_id), filters);
  operation.urc = "+QMTSUB";
  operation.msg_id = msg_id;
  begin(std::move(operation));
  return true;
}

bool Client::unsubscribe(int msg_id, const std::vector<std::string>& topics) {
  if (!free_for(msg_id)) return false;
  Operation operation;
  operation.ticket = link_.unsubscribe(static_cast<std::uint16_t>(msg_id), topics);
  operation.urc = "+QMTUNS";
  operation.msg_id = msg_id;
  operation.topics = topics.size();
  begin(std::move(operation));
  return true;
}

bool Client::may_publish(int msg_id, int qos) const {
  const auto waiting = static_cast<std::size_t>(std::count_if(
      operations_.begin(), operations_.end(),
      [&](const auto& op) { return qos > 0 ? op.qos > 0 : !op.has_id && !op.answered; }));
  if (qos == 0) return state_ == State::connected && waiting < max_unwritten;
  return free_for(msg_id) && waiting < window;
}

bool Client::publish(std::string_view urc, const PublishRequest& request) {
  if (!may_publish(request.msg_id, request.qos)) return false;
  Operation operation;
  operation.ticket = link_.publish(request);
  operation.urc = urc;
  operation.msg_id = request.msg_id;
  operation.qos = request.qos;
  operation.has_id = request.qos > 0;
  begin(std::move(operation));
  return true;
}

void Client::begin(Operation operation) {
  const auto ticket = operation.ticket;
  const auto now = world_.timeline.now();
  const bool resends = operation.has_id;
  operation.not_before = now + world_.latency.draw(Latency::Step::answer);
  operation.no_later = now + policy().whole_wait() - before_deadline;
  operation.exchange = std::make_unique<Exchange>(
      world_.timeline, policy(),
      Exchange::Hooks{[this, ticket, resends](int n) { retransmit(ticket, resends, n); },
                      [this, ticket] { gave_up(ticket); }});
  operation.exchange->start();
  operations_.push_back(std::move(operation));
}

void Client::retransmit(Ticket ticket, bool resends, int n) {
  if (!resends) return;
  link_.resend(ticket);
  const auto op = find(ticket);
  if (config_.timeout_notice) say(op->urc, op->msg_id, static_cast<int>(Result::retransmission), n);
}

void Client::gave_up(Ticket ticket) {
  flush_held();
  const auto op = find(ticket);
  say(op->urc, op->msg_id, static_cast<int>(Result::failed));
  go_down(Stat::sending_failed, fmt::format("{} with msgID {} unanswered", op->urc, op->msg_id));
}

std::vector<Client::Operation>::iterator Client::find(Ticket ticket) {
  return std::find_if(operations_.begin(), operations_.end(),
                      [&](const auto& op) { return op.ticket == ticket; });
}

std::vector<Client::Operation>::const_iterator Client::find(Ticket ticket) const {
  return std::find_if(operations_.begin(), operations_.end(),
                      [&](const auto& op) { return op.ticket == ticket; });
}

Exchange::Policy Client::policy() const {
  return {std::chrono::seconds(config_.pkt_timeout), config_.retry_times};
}

ConnectRequest Client::connect_request(std::string client_id, std::string username,
                                       std::string password) const {
  ConnectRequest request;
  request.version = config_.version;
  request.clean_session = config_.clean_session;
  if (config_.keepalive > 0)
    request.keepalive = static_cast<std::uint16_t>(
        std::clamp(std::ceil(config_.keepalive / world_.time_scale), 1.0, 65535.0));
  request.client_id = std::move(client_id);
  if (!username.empty()) request.username = std::move(username);
  if (!password.empty()) request.password = std::move(password);
  if (config_.will.wanted) request.will = config_.will.will;
  if (!request.username) sign_in(request);
  return request;
}

void Client::sign_in(ConnectRequest& request) const {
  SignIn derived;
  if (!config_.aliauth.product_key.empty())
    derived = aliauth_sign_in(config_.aliauth, request.client_id, endpoint_.tls_ctx.has_value(),
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

void Client::on(LinkEvent event) {
  note(event);
  if (std::holds_alternative<link_event::Sent>(event) ||
      std::holds_alternative<link_event::Received>(event) ||
      std::holds_alternative<link_event::Pong>(event)) {
    handle(std::move(event));
    return;
  }
  held_.push_back(hold(std::move(event)));
  release_held();
}

/// What an event proves counts at once: timers stop, whenever its result may be said.
void Client::note(const LinkEvent& event) {
  if (const auto* connack = std::get_if<link_event::ConnAck>(&event)) {
    if (state_ != State::connecting) return;
    connecting_->stop();
    session_stands_ = connack->code == 0;
    if (session_stands_) start_t2();
  } else if (const auto* acked = std::get_if<link_event::Acked>(&event)) {
    const auto op = find(acked->ticket);
    if (op == operations_.end()) return;
    op->answered = true;
    op->exchange->stop();
  } else if (std::holds_alternative<link_event::Down>(event)) {
    if (connecting_) connecting_->stop();
    for (auto& op : operations_) op.exchange->stop();
    t2_.stop();
    pingresp_.stop();
  }
}

/// A result follows its OK no sooner than a round trip, but within its limit; what comes behind a
/// result stays behind it (TIME-6).
Client::Held Client::hold(LinkEvent event) const {
  const bool ends_a_step =
      state_ == State::opening || state_ == State::connecting || state_ == State::disconnecting;
  if (ends_a_step) return {std::move(event), not_before_, no_later_};
  if (const auto* acked = std::get_if<link_event::Acked>(&event)) {
    const auto op = find(acked->ticket);
    if (op != operations_.end()) return {std::move(event), op->not_before, op->no_later};
  }
  return {std::move(event), {}, at::Time::max()};
}

void Client::release_held() {
  while (!held_.empty()) {
    auto due = held_.front().not_before;
    for (const auto& held : held_) due = std::min(due, held.no_later);
    const auto wait = due - world_.timeline.now();
    if (wait > at::Duration::zero() && held_.size() < max_held) {
      held_timer_.start(wait, [this] { release_held(); });
      return;
    }
    auto event = std::move(held_.front().event);
    held_.pop_front();
    handle(std::move(event));
  }
}

/// Before a link goes down, what had come is said: the broker counts it as done.
void Client::flush_held() {
  for (auto& held : std::exchange(held_, {}))
    if (std::holds_alternative<link_event::Acked>(held.event) ||
        std::holds_alternative<link_event::Message>(held.event))
      handle(std::move(held.event));
}

void Client::handle(LinkEvent event) {
  std::visit([this](auto& e) { on_event(e); }, event);
}

void Client::on_event(const link_event::Opened& event) {
  if (state_ != State::opening) return;
  const auto& knobs = world_.knobs;
  switch (event.result) {
    case OpenResult::ok:
      finish_open(0);
      break;
    case OpenResult::unresolved:
      finish_open(knobs.get(Knob::open_unresolved));
      break;
    case OpenResult::refused:
      finish_open(knobs.get(Knob::open_refused));
      break;
    case OpenResult::unreachable:
      finish_open(knobs.get(Knob::open_unreachable));
      break;
    case OpenResult::tls_failed:
      finish_open(knobs.get(Knob::open_tls_failed));
      break;
  }
}

void Client::finish_open(int result) {
  limit_.stop();
  if (result == 0)
    enter(State::open);
  else
    to_idle();
  say("+QMTOPEN", result);
}

void Client::on_event(const link_event::ConnAck& event) {
  if (state_ != State::connecting) return;
  say("+QMTCONN", static_cast<int>(Result::done), event.code);
  if (event.code != 0) {
    go_down(Stat::connack_failed, fmt::format("CONNACK {}", event.code));
    return;
  }
  connecting_.reset();
  enter(State::connected);
}

void Client::connect_failed(Stat stat, const std::string& why) {
  say("+QMTCONN", static_cast<int>(Result::failed));
  go_down(stat, why);
}

void Client::on_event(const link_event::Sent&) {
  last_sent_ = world_.timeline.now();
  if (session_stands_) start_t2();
}

void Client::on_event(const link_event::Acked& event) {
  const auto op = find(event.ticket);
  if (op == operations_.end()) return;
  const auto done = std::move(*op);
  operations_.erase(op);
  auto line = fmt::format("{}: {},{},{}", done.urc, client_idx_, done.msg_id,
                          static_cast<int>(Result::done));
  for (const auto code : event.codes) line += fmt::format(",{}", code);
  // reading: the value of +QMTUNS counts the topics of the request, as the example of 5.1 has it
  if (done.urc == "+QMTUNS" && !world_.knobs.is_set(Knob::uns_value))
    line += fmt::format(",{}", done.topics);
  world_.announce.announce(std::move(line));
}

void Client::on_event(const link_event::Received& event) {
  const auto op = find(event.ticket);
  if (op != operations_.end()) op->exchange->start();
}

void Client::on_event(link_event::Message& event) {
  if (state_ != State::connected) return;
  if (config_.recv_mode == 0) {
    world_.announce.announce(show(event));
    return;
  }
  if (const auto recv_id = inbox_.put(std::move(event)))
    say("+QMTRECV", *recv_id);
  else
    log_info(fmt::format("receive buffer full: {} messages dropped", inbox_.dropped()));
}

std::string Client::show(const link_event::Message& message) const {
  const auto payload = config_.format_recv_hex ? upper_hex(message.payload) : message.payload;
  auto line = fmt::format("+QMTRECV: {},{},\"{}\"", client_idx_, message.msg_id, message.topic);
  if (config_.recv_len)
    line += fmt::format(
        ",{}", world_.knobs.is_set(Knob::payload_len) ? payload.size() : message.payload.size());
  return line + ",\"" + payload + '"';
}

void Client::on_event(const link_event::Pong&) { pingresp_.stop(); }

void Client::on_event(const link_event::Disconnected& event) {
  if (state_ != State::disconnecting) return;
  finish_disconnect(event.ok ? 0 : result_failed);
}

void Client::finish_disconnect(int result) {
  to_idle();
  say("+QMTDISC", result);
  if (result == 0 && world_.knobs.is_set(Knob::disc_stat))
    say("+QMTSTAT", static_cast<int>(Stat::disconnected));
}

void Client::finish_close(int result) {
  to_idle();
  say("+QMTCLOSE", result);
}

void Client::on_event(const link_event::Down& event) {
  const auto stat = stat_of(event.reason);
  switch (state_) {
    case State::idle:
    case State::closing:
      break;
    case State::opening:
      finish_open(world_.knobs.get(Knob::open_refused));
      break;
    case State::open:
      go_down(stat, event.detail);
      break;
    case State::connecting:
      // reading: a CONNACK that makes no sense counts as one that was not received
      connect_failed(event.reason == DownReason::protocol_error ? Stat::connack_failed : stat,
                     event.detail);
      break;
    case State::connected:
      if (event.reason == DownReason::ping_unsent)
        ping_unanswered(event.detail);
      else
        go_down(stat, event.detail);
      break;
    case State::disconnecting:
      finish_disconnect(0);
      break;
  }
}

void Client::bearer_lost() {
  switch (state_) {
    case State::opening:
      link_.close();
      finish_open(world_.knobs.get(Knob::open_bearer_lost));
      break;
    case State::open:
    case State::connected:
      flush_held();
      go_down(Stat::link_not_alive, "bearer lost");
      break;
    case State::connecting:
      connect_failed(Stat::link_not_alive, "bearer lost");
      break;
    case State::idle:
    case State::disconnecting:
    case State::closing:
      break;
  }
}

void Client::go_down(Stat stat, const std::string& why) {
  link_.close();
  log_info(fmt::format("{} -> +QMTSTAT {}", why, static_cast<int>(stat)));
  to_idle();
  say("+QMTSTAT", static_cast<int>(stat));
}

void Client::to_idle() {
  limit_.stop();
  connecting_.reset();
  operations_.clear();
  held_.clear();
  held_timer_.stop();
  session_stands_ = false;
  t2_.stop();
  pingresp_.stop();
  inbox_.clear();
  enter(State::idle);
}

void Client::reset() {
  ++life_;
  link_.close();
  to_idle();
  config_ = {};
}

void Client::enter(State state) {
  if (state_ == state) return;
  world_.log.debug(
      fmt::format("client {}: {} -> {}", client_idx_, name_of(state_), name_of(state)));
  state_ = state;
}

void Client::start_t2() {
  if (config_.keepalive == 0) return;
  const auto due = last_sent_ + std::chrono::seconds(config_.keepalive);
  t2_.start(due - world_.timeline.now(), [this] { ping(); });
}

void Client::ping() {
  if (!pingresp_.running())
    pingresp_.start(std::chrono::seconds(config_.qmtping), [this] {
      ping_unanswered(fmt::format("PINGREQ unanswered for {} s", config_.qmtping));
    });
  link_.ping();
}

void Client::ping_unanswered(const std::string& why) {
  flush_held();
  say("+QMTPING", 1);
  if (state_ == State::connecting)
    connect_failed(Stat::pingreq_failed, why);
  else
    go_down(Stat::pingreq_failed, why);
}

template <class... Values>
void Client::say(std::string_view name, const Values&... values) {
  auto line = fmt::format("{}: {}", name, client_idx_);
  ((line += fmt::format(",{}", values)), ...);
  world_.announce.announce(std::move(line));
}

void Client::say_later(at::Duration delay, std::string line) {
  if (delay == at::Duration::zero()) {
    world_.announce.announce(std::move(line));
    return;
  }
  world_.timeline.after(delay, [this, life = life_, text = std::move(line)] {
    if (life == life_) world_.announce.announce(text);
  });
}

void Client::log_info(const std::string& text) const {
  world_.log.info(fmt::format("client {}: {}", client_idx_, text));
}

}  // namespace mqtt_backend
