// What a client makes of the events of its link.
#include "at_engine/text.hpp"
#include "mqtt_backend/client.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace mqtt_backend {
namespace {

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

}  // namespace

void Client::on(LinkEvent event) {
  if (tracepoint_.watched()) tell(event);
  const auto* acked = std::get_if<link_event::Acked>(&event);
  const auto op = acked == nullptr ? operations_.end() : find(acked->ticket);
  if (op == operations_.end())
    note(event);
  else
    note_answer(*op);
  if (std::holds_alternative<link_event::Negotiating>(event) ||
      std::holds_alternative<link_event::Sent>(event) ||
      std::holds_alternative<link_event::Received>(event) ||
      std::holds_alternative<link_event::Pong>(event)) {
    handle(std::move(event));
    return;
  }
  // A result follows its OK no sooner than a round trip, but within its limit; what comes behind a
  // result stays behind it (TIME-6).
  const bool ends_a_step =
      state_ == State::opening || state_ == State::connecting || state_ == State::disconnecting;
  if (ends_a_step)
    held_.push(std::move(event), not_before_, no_later_);
  else if (op != operations_.end())
    held_.push(std::move(event), op->not_before, op->no_later);
  else
    held_.push(std::move(event), {}, at::Time::max());
  release_held();
}

/// Packets are told as they pass; what is left are the events of the link itself.
void Client::tell(const LinkEvent& event) const {
  if (std::holds_alternative<link_event::Negotiating>(event))
    tracepoint_.tell(event::LinkNegotiating{});
  else if (const auto* opened = std::get_if<link_event::Opened>(&event))
    tracepoint_.tell(event::LinkOpened{opened->result, opened->security});
  else if (const auto* down = std::get_if<link_event::Down>(&event))
    tracepoint_.tell(event::LinkLost{down->reason, down->detail});
  else if (const auto* ended = std::get_if<link_event::Disconnected>(&event))
    tracepoint_.tell(event::LinkEnded{ended->ok});
}

/// What an event proves counts at once: timers stop, whenever its result may be said.
void Client::note(const LinkEvent& event) {
  if (const auto* connack = std::get_if<link_event::ConnAck>(&event)) {
    if (state_ != State::connecting) return;
    connecting_->stop();
    session_established_ = connack->code == 0;
    if (session_established_) start_t2();
  } else if (std::holds_alternative<link_event::Opened>(event)) {
    if (state_ == State::opening) limit_.stop();
  } else if (std::holds_alternative<link_event::Down>(event)) {
    if (connecting_) connecting_->stop();
    for (auto& op : operations_) op.exchange->stop();
    t2_.stop();
    pingresp_.stop();
  }
}

void Client::note_answer(Operation& operation) {
  // Nobody answers a qos 0 PUBLISH: it was written.
  if (!operation.has_id && !operation.answered) sent();
  operation.answered = true;
  operation.exchange->stop();
}

void Client::release_held() {
  while (!held_.empty()) {
    const auto wait = held_.due() - world_.timeline.now();
    if (wait > at::Duration::zero()) {
      held_timer_.start(wait, [this] { release_held(); });
      break;
    }
    handle(held_.pop());
  }
  apply_back_pressure();
}

/// Whoever sends faster than latency lets it be said has to wait.
void Client::apply_back_pressure() {
  if (held_.full() == link_waits_) return;
  link_waits_ = held_.full();
  if (link_waits_)
    log_info(fmt::format("{} bytes wait for their time: the broker has to wait", held_.bytes()));
  link_.back_pressure(link_waits_);
}

/// Before a link goes down, what had come is said: the broker counts it as done.
void Client::flush_held() {
  auto held = std::move(held_);
  held_.clear();
  while (!held.empty()) {
    auto event = held.pop();
    if (std::holds_alternative<link_event::Acked>(event) ||
        std::holds_alternative<link_event::Message>(event))
      handle(std::move(event));
  }
}

void Client::handle(LinkEvent event) {
  std::visit([this](auto& e) { on_event(e); }, event);
}

void Client::on_event(const link_event::Negotiating&) {
  if (state_ != State::opening || !endpoint_.tls) return;
  const at::Duration negotiation = std::chrono::seconds(endpoint_.tls->settings.negotiatetime);
  if (world_.timeline.now() + negotiation >= no_later_) return;
  limit_.start(TimerName::negotiation, negotiation, [this] {
    link_.close();
    const auto why = fmt::format("no TLS within {} s", endpoint_.tls->settings.negotiatetime);
    log_info(why);
    finish_open(world_.knobs.get(cellular::Knob::open_tls_failed), why);
  });
}

void Client::on_event(const link_event::Opened& event) {
  if (state_ != State::opening) return;
  security_ = event.security;
  const auto& knobs = world_.knobs;
  switch (event.result) {
    case OpenResult::ok:
      finish_open(0, "link established");
      break;
    case OpenResult::unresolved:
      finish_open(knobs.get(cellular::Knob::open_unresolved), "the name has no address");
      break;
    case OpenResult::refused:
      finish_open(knobs.get(cellular::Knob::open_refused), "refused");
      break;
    case OpenResult::unreachable:
      finish_open(knobs.get(cellular::Knob::open_unreachable), "unreachable");
      break;
    case OpenResult::tls_failed:
      finish_open(knobs.get(cellular::Knob::open_tls_failed), "TLS failed");
      break;
  }
}

void Client::finish_open(int result, std::string_view why) {
  enter(result == 0 ? State::open : State::idle, why);
  answer(asker_, "+QMTOPEN", result);
}

void Client::on_event(const link_event::ConnAck& event) {
  if (state_ != State::connecting) return;
  answer(asker_, "+QMTCONN", static_cast<int>(Result::done), event.code);
  if (event.code != 0) {
    go_down(Stat::connack_failed, fmt::format("CONNACK {}", event.code));
    return;
  }
  enter(State::connected, "CONNACK 0");
}

void Client::connect_failed(Stat stat, const std::string& why) {
  answer(asker_, "+QMTCONN", static_cast<int>(Result::failed));
  go_down(stat, why);
}

void Client::on_event(const link_event::Sent&) { sent(); }

void Client::sent() {
  last_sent_ = world_.timeline.now();
  if (session_established_) start_t2();
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
  if (done.kind == Operation::Kind::unsubscribe && !world_.knobs.is_set(cellular::Knob::uns_value))
    line += fmt::format(",{}", done.topics);
  world_.announce.result(done.asker, std::move(line));
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
  const auto recv_id = inbox_.put(std::move(event));
  if (recv_id)
    tracepoint_.tell(event::MessageStored{*recv_id});
  else
    tracepoint_.tell(event::MessageDropped{});
  if (recv_id)
    say("+QMTRECV", *recv_id);
  else if (inbox_.dropping_begins())
    log_info(fmt::format("receive buffer full: {} messages dropped", inbox_.dropped()));
}

std::optional<link_event::Message> Client::take_message(std::size_t recv_id) {
  auto message = inbox_.take(recv_id);
  if (message) tracepoint_.tell(event::MessageRead{recv_id});
  return message;
}

std::string Client::show(const link_event::Message& message) const {
  const auto payload =
      config_.format_recv_hex ? at::hex(message.payload, at::HexCase::upper) : message.payload;
  auto line = fmt::format("+QMTRECV: {},{},\"{}\"", client_idx_, message.msg_id, message.topic);
  if (config_.recv_len)
    line += fmt::format(",{}", world_.knobs.is_set(cellular::Knob::payload_len)
                                   ? payload.size()
                                   : message.payload.size());
  return line + ",\"" + payload + '"';
}

void Client::on_event(const link_event::Pong&) { pingresp_.stop(); }

void Client::on_event(const link_event::Disconnected& event) {
  if (state_ != State::disconnecting) return;
  finish_disconnect(event.ok ? 0 : result_failed);
}

void Client::finish_disconnect(int result) {
  enter(State::idle, result == 0 ? "link ended" : "DISCONNECT not sent");
  answer(asker_, "+QMTDISC", result);
  if (result == 0 && ends_session_ && world_.knobs.is_set(cellular::Knob::disc_stat))
    say("+QMTSTAT", static_cast<int>(Stat::disconnected));
}

void Client::finish_close(int result) {
  enter(State::idle, "link closed");
  answer(asker_, "+QMTCLOSE", result);
}

void Client::on_event(const link_event::Down& event) {
  const auto stat = stat_of(event.reason);
  switch (state_) {
    case State::idle:
    case State::closing:
      break;
    case State::opening:
      finish_open(world_.knobs.get(cellular::Knob::open_refused), event.detail);
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

/// The lease lasts from opening to connected: a link that is taken down needs its context no more.
void Client::bearer_lost() {
  tracepoint_.tell(event::BearerLost{lease_.cid()});
  if (state_ == State::opening) {
    link_.close();
    finish_open(world_.knobs.get(cellular::Knob::open_bearer_lost), "bearer lost");
  } else if (state_ == State::connecting) {
    connect_failed(Stat::link_not_alive, "bearer lost");
  } else {
    flush_held();
    go_down(Stat::link_not_alive, "bearer lost");
  }
}

}  // namespace mqtt_backend
